/** What the state of the disk means for mail, in a sentence that names the next step. */

import type { StorageReport } from '../../store/storage.ts'

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1e6)} MB`
}

/** Undefined while mail can be stored. */
export function storageProblem({ state, freeBytes, reserveBytes }: StorageReport): string | undefined {
  switch (state) {
    case 'well':
      return undefined
    case 'full':
      return (
        `the disk is nearly full (${megabytes(freeBytes)} free, ${megabytes(reserveBytes)} reserved): ` +
        'new mail is refused until there is room; accepted mail is still delivered'
      )
    case 'gone':
      return 'the data folder was deleted, moved or unmounted: new mail is refused until the folder is back'
    case 'failed':
      return 'a write to the disk failed: nothing can be stored until Mailward is restarted; check the disk'
  }
}
