/** Loads a console that stopped again, and says so; asks before trying for ever. */

import { type BrowserWindow, dialog } from 'electron'
import { text } from '../text.ts'

/** More stops than this within the time below, and the person is asked first. */
const OFTEN = 3
const WITHIN_MS = 60_000

/** Watches a window's page for as long as the window lives. */
export function reloadAfterCrash(window: BrowserWindow): void {
  let stops: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    stops = [...stops.filter((at) => now - at < WITHIN_MS), now]
    void (stops.length > OFTEN ? askThenReload(window) : reloadWithNotice(window))
  })
}

async function reloadWithNotice(window: BrowserWindow): Promise<void> {
  window.webContents.reload()
  await dialog.showMessageBox(window, { type: 'info', message: text.reloaded, detail: text.reloadedDetail })
}

async function askThenReload(window: BrowserWindow): Promise<void> {
  await dialog.showMessageBox(window, {
    type: 'warning',
    message: text.consoleFails,
    detail: text.consoleFailsDetail,
    buttons: [text.loadAgain],
  })
  if (!window.isDestroyed()) window.webContents.reload()
}
