/** Ends the application: asks what happens to the queue, lets the relay finish what is in flight, then goes. */

import { type App, type BrowserWindow, dialog } from 'electron'
import { text } from './text.ts'

export type QuitAnswer = 'quit' | 'tray' | 'stay'

export interface QuitOptions {
  /** deliveries of this computer's relay that are not final */
  waiting(): number
  /** stops the relay; resolves when it is gone */
  stop(): Promise<void>
  window(): BrowserWindow | undefined
}

export interface Quitting {
  /** whether the application is on its way out: windows then close instead of hiding */
  begun(): boolean
  /** Leaves without asking. */
  now(): void
}

async function ask(waiting: number, window: BrowserWindow | undefined): Promise<QuitAnswer> {
  const question = {
    type: 'question' as const,
    message: text.quitQuestion(waiting),
    detail: text.quitDetail,
    buttons: [text.quitNow, text.keepRunning, text.cancel],
    defaultId: 1,
    cancelId: 2,
  }
  const answer = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question))
  return (['quit', 'tray', 'stay'] as const)[answer.response] ?? 'stay'
}

/**
 * Takes charge of every way out: menu, tray, signals, the end of the session.
 * Signals and the system's shutdown do not ask: what is unfinished is safe on disk either way.
 */
export function takeChargeOfQuitting(app: App, options: QuitOptions): Quitting {
  let phase: 'running' | 'asking' | 'stopping' | 'gone' = 'running'

  async function leave(): Promise<void> {
    phase = 'stopping'
    await options.stop()
    phase = 'gone'
    app.quit()
  }

  async function askAndLeave(): Promise<void> {
    phase = 'asking'
    const answer = await ask(options.waiting(), options.window())
    phase = 'running'
    if (answer === 'quit') await leave()
    if (answer === 'tray') options.window()?.hide()
  }

  app.on('before-quit', (event) => {
    if (phase === 'gone') return
    event.preventDefault()
    if (phase === 'running') void (options.waiting() > 0 ? askAndLeave() : leave())
  })
  function now(): void {
    if (phase === 'running' || phase === 'asking') void leave()
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, now)
  return { begun: () => phase === 'stopping' || phase === 'gone', now }
}
