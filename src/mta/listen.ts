/** Where the submission server listens. */

export interface ListenAddress {
  host: string
  /** 0 lets the system choose */
  port: number
}

/** A listener that is open, with the port it really has. */
export interface Listener extends ListenAddress {
  kind: 'smtp' | 'smtps'
}

/** A listener cannot be opened; the message names host and port, and what to change. */
export class ListenFailed extends Error {
  override name = 'ListenFailed'
}
