/** Finds the credential of a client that is known by its IP address. */

import type { Credential } from '../../model/account.ts'
import { type AddressRange, isInRange, parseAddress, parseRange } from '../../model/addressRange.ts'
import type { Directory } from '../../store/store.ts'

interface Ranged {
  credential: Credential
  range: AddressRange
}

/** The address ranges of a directory, read again when its credentials have changed. */
export class AddressCredentials {
  private readonly directory: Directory
  private source: readonly Credential[] | undefined
  /** longest prefix first */
  private ranged: Ranged[] = []

  constructor(directory: Directory) {
    this.directory = directory
  }

  /** The credential with the longest range that holds this client address, blocked ones included. */
  find(address: string): Credential | undefined {
    const credentials = this.directory.credentials()
    if (credentials !== this.source) this.read(credentials)
    if (this.ranged.length === 0) return undefined
    const groups = parseAddress(address)
    return groups && this.ranged.find(({ range }) => isInRange(groups, range))?.credential
  }

  private read(credentials: readonly Credential[]): void {
    this.source = credentials
    this.ranged = []
    for (const credential of credentials) {
      const range = credential.kind === 'address' ? parseRange(credential.name) : undefined
      if (range) this.ranged.push({ credential, range })
    }
    this.ranged.sort((a, b) => b.range.prefix - a.range.prefix || a.credential.id - b.credential.id)
  }
}
