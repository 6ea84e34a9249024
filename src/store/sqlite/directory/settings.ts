/** Settings as the store offers them: values of any kind, kept as JSON. */

import type { Settings } from '../../store.ts'
import type { Reader, Writer } from '../threads/threads.ts'

export function createSettings(writer: Writer, reader: Reader): Settings {
  return {
    async get<T>(key: string) {
      const text = await reader.directory.setting(key)
      return text === undefined ? undefined : (JSON.parse(text) as T)
    },
    set: (key, value, entry) => writer.directory.setSetting(key, JSON.stringify(value), entry),
  }
}
