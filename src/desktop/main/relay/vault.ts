/** Keeps session tokens in the system's keychain, one for each relay; where there is no keychain, in memory only. */

import type { SafeStorage } from 'electron'
import type { PreferenceFile } from '../preferences.ts'

export interface Vault {
  /** the token kept for a relay (its address, or `local`) */
  get(relay: string): Promise<string | null>
  set(relay: string, token: string | null): Promise<void>
}

/**
 * Whether a text sealed here is readable by this person only. Linux without a keyring answers `basic_text`, which is
 * a key that everybody knows; an Electron without the asynchronous calls is not one we ship.
 */
export async function isSafe(storage: SafeStorage): Promise<boolean> {
  if (typeof storage.isAsyncEncryptionAvailable !== 'function') return false
  if (process.platform === 'linux' && storage.getSelectedStorageBackend() === 'basic_text') return false
  return storage.isAsyncEncryptionAvailable()
}

/**
 * Opens the vault; Electron must be ready.
 * @param given tokens for this run only, by relay
 */
export async function openVault(
  storage: SafeStorage,
  preferences: PreferenceFile,
  given: ReadonlyMap<string, string>,
): Promise<Vault> {
  const safe = await isSafe(storage)
  const memory = new Map(given)

  async function unseal(relay: string): Promise<string | null> {
    const sealed = preferences.get().sessions?.[relay]
    if (!safe || sealed === undefined) return null
    try {
      return (await storage.decryptStringAsync(Buffer.from(sealed, 'base64'))).result
    } catch {
      // sealed by a keychain that is gone: the person logs in again
      return null
    }
  }

  return {
    get: async (relay) => memory.get(relay) ?? (await unseal(relay)),
    async set(relay, token) {
      const { [relay]: _, ...others } = preferences.get().sessions ?? {}
      if (token === null) memory.delete(relay)
      else memory.set(relay, token)
      const sealed = token === null || !safe ? undefined : (await storage.encryptStringAsync(token)).toString('base64')
      preferences.set({ sessions: sealed === undefined ? others : { ...others, [relay]: sealed } })
    },
  }
}
