import type { Directory } from './store.ts'

/** An account's name; its number, where the account is gone. The relay's own letters that are nobody's have number 0. */
export function accountName(directory: Directory, id: number): string {
  return directory.accountById(id)?.name ?? (id === 0 ? 'mailward' : `#${id}`)
}
