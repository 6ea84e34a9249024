/** Which tables of the main database are in a backup, and which never are. A test holds this against the schema. */

/** Copied as they are. */
export const copiedTables = [
  'account',
  'credential',
  'route',
  'person',
  'setting',
  'audit',
  'message',
  'delivery',
  'attempt',
  'volume',
  'complaint',
  'trust',
  'hold',
  'receipt',
  'checkpoint',
  'backup',
] as const

/** In a backup, but not as they are: bodies come out of their segments, days get other keys, blocks lose their secret. */
export const changedTables = ['body', 'day', 'draw'] as const

/** Not in a backup: samples and all that leads to them, and what lets people in. */
export const leftOutTables = ['sample', 'sample_key', 'sample_address', 'seal_key', 'session', 'throttle'] as const

/** Settings that are secrets of the same kind: the key of the samples' blind index, the token for the first person. */
export const leftOutSettings = ['samples.blindKey', 'first person token hash'] as const
