/** Links a person clicks in the console: never opened in a window of ours, and elsewhere only when meant. */

import { type BrowserWindow, dialog, shell } from 'electron'
import { text } from '../text.ts'
import { decisionOn } from './decision.ts'

/** Opens a link in the system's browser, asking first where it leads somewhere the console does not vouch for. */
export async function followLink(address: string, window: BrowserWindow | undefined): Promise<void> {
  const verdict = decisionOn(address)
  if (verdict === 'refuse') return
  if (verdict === 'ask' && !(await confirmed(address, window))) return
  await shell.openExternal(address)
}

async function confirmed(address: string, window: BrowserWindow | undefined): Promise<boolean> {
  const question = {
    type: 'question' as const,
    message: text.openLink,
    detail: address,
    buttons: [text.open, text.cancel],
    defaultId: 1,
    cancelId: 1,
  }
  const answer = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question))
  return answer.response === 0
}
