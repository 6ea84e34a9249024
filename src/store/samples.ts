/** Sealed samples in the words of the model. */

import type { MessageId } from '../model/id.ts'
import type { SampleContent } from './seal.ts'

export type { SampleContent }

export interface SampleStore {
  /**
   * Opens a sample with the private part of the seal key (32 bytes, raw X25519). Undefined when there is none.
   * @throws when the seal key is not the one its day's key was wrapped with
   */
  open(message: MessageId, sealPrivateKey: Uint8Array): Promise<SampleContent | undefined>
  /** Messages whose samples name an address, in envelope, header or plain text: found without opening any. */
  findByAddress(address: string): Promise<MessageId[]>
}
