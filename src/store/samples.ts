/** Sealed samples in the words of the model. */

import type { MessageId } from '../model/id.ts'
import type { SampleContent } from './seal.ts'

export type { SampleContent }

/** What is known of a sample without opening it. */
export interface SampleRow {
  message: MessageId
  /** account id */
  account: number
  block: number
  position: number
  acceptedAt: number
  keepUntil: number
  size: number
  /** of its recipients */
  domains: string[]
  flagged: boolean
  /** kept beyond its day by a legal hold */
  held: boolean
  /** the newest case under review that asks for it, or whose evidence names its message */
  case: number | undefined
}

export interface SampleQuery {
  account: number | undefined
  flagged: boolean | undefined
  /** only messages with a lower id */
  before: MessageId | undefined
  limit: number
  now: number
}

export interface SamplePage {
  rows: SampleRow[]
  /** `before` of the next page; undefined when this is the last */
  next: MessageId | undefined
}

export interface SampleStore {
  /** One page, newest first; never content. */
  list(query: SampleQuery): Promise<SamplePage>
  /**
   * Opens a sample with the private part of the seal key (32 bytes, raw X25519). Undefined when there is none, or
   * its time is over and no hold keeps it.
   * @throws when the seal key is not the one its day's key was wrapped with
   */
  open(message: MessageId, sealPrivateKey: Uint8Array): Promise<SampleContent | undefined>
  /** Messages whose samples name an address, in envelope, header or plain text: found without opening any. */
  findByAddress(address: string): Promise<MessageId[]>
}
