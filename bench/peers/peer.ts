/** What the relay bench drives: something that takes mail on one port and hands it to a sink on another. */

export interface Peer {
  name: string
  /** process whose family does the work */
  pid: number
  /** port of 127.0.0.1 that takes mail */
  port: number
  stop(): Promise<void>
}
