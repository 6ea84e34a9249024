/** What the desktop's shell and the relay in its utility process say to each other over `process.parentPort`. */

/** To the relay. A message of type `console` carries the console's MessagePort. */
export type ToRelay =
  /** `configuration`: options in the form `mailward serve` takes them, such as `['--data', '/home/ann/mail']` */
  | { type: 'start'; configuration: string[] }
  /** `session`: the token the shell has kept for this relay, as the only word on who is there */
  | { type: 'console'; session: string | null }
  /** What the system's keychain made of a text; null: there is none that protects anything, or it refused. */
  | { type: 'keychain'; request: number; text: string | null }
  /** Finish what is in flight, then answer `stopped` and exit. */
  | { type: 'stop' }

/** From the relay. */
export type FromRelay =
  | {
      type: 'started'
      listeners: { kind: 'smtp' | 'smtps' | 'console'; host: string; port: number }[]
      /** the one-time token while no person exists */
      firstToken: string | null
    }
  /** now and then */
  | { type: 'status'; queue: { queued: number; sending: number; deferred: number; held: number; inDoubt: number } }
  /** a console logged in (its session token) or out (null) */
  | { type: 'remember'; session: string | null }
  /** Asks the shell to seal a text with the system's keychain, or to open one; answered by `keychain`. */
  | { type: 'keychain'; request: number; act: 'seal' | 'open'; text: string }
  /** it could not start, or cannot go on; the process exits */
  | { type: 'failed'; message: string }
  | { type: 'stopped' }
