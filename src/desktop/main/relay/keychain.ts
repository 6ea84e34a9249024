/** Seals and opens the seal key for the relay, with the system's keychain. Nothing of it stays in the shell. */

import type { SafeStorage } from 'electron'
import { isSafe } from './vault.ts'

/** Answers null where the keychain protects nothing, is gone, or the person refused. */
export type Keychain = (act: 'seal' | 'open', text: string) => Promise<string | null>

/** The keychain as the relay may ask for it; Electron must be ready. */
export function openKeychain(storage: SafeStorage): Keychain {
  async function answer(act: 'seal' | 'open', text: string): Promise<string> {
    if (act === 'seal') return (await storage.encryptStringAsync(text)).toString('base64')
    return (await storage.decryptStringAsync(Buffer.from(text, 'base64'))).result
  }

  return async (act, text) => {
    if (!(await isSafe(storage))) return null
    // sealed by another person or computer, or the keyring stayed locked
    return answer(act, text).catch(() => null)
  }
}
