/** Whether mail can be stored: the room on the disk, and the folder the data lies in. */

export type StorageState = 'well' | 'full' | 'gone' | 'failed'

export interface StorageReport {
  /**
   * `full`: less room than the reserve, so that only mail that was accepted before goes on; `gone`: the data folder was
   * deleted, moved away or unmounted; `failed`: a write failed, and the store has to be opened anew
   */
  state: StorageState
  /** bytes free on the disk, as last seen */
  freeBytes: number
  /** bytes below which no new mail is accepted */
  reserveBytes: number
}

/** How much room is to be left: bytes, or percent of the disk. Of the two, whichever is less. */
export interface Reserve {
  bytes: number
  percent: number
}

export const defaultReserve: Reserve = { bytes: 256 * 1024 * 1024, percent: 5 }

/** New mail cannot be stored at the moment. What was accepted before goes on where it can. */
export class StorageRefusal extends Error {
  override name = 'StorageRefusal'
  readonly state: Exclude<StorageState, 'well'>

  constructor(state: Exclude<StorageState, 'well'>) {
    super({ full: 'the disk is full', gone: 'the data folder is gone', failed: 'the disk failed' }[state])
    this.state = state
  }
}
