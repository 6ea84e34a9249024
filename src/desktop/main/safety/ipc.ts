/** The one way in for messages of a page: each is checked for who sent it before anything looks at what it says. */

import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import { isConsolePage } from '../origin.ts'

interface Sender {
  sender: WebContents
  senderFrame: WebFrameMain | null
}

/** Whether a message comes from the console's own page itself, not from a frame in it or from another page. */
function isConsole(event: Sender): boolean {
  const frame = event.senderFrame
  return frame !== null && frame === event.sender.mainFrame && isConsolePage(frame.url)
}

/** Answers a call of the console's page. Any other sender's call is rejected, and its content never looked at. */
export function answer<Reply>(channel: string, handler: (contents: WebContents, given: unknown) => Reply): void {
  ipcMain.handle(channel, (event, given: unknown) => {
    if (!isConsole(event)) throw new Error(`${channel} is for the console only`)
    return handler(event.sender, given)
  })
}
