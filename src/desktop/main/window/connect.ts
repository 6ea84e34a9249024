/** Asks for the address of a relay elsewhere: a small page without any script, whose form the shell reads and stops. */

import { BrowserWindow } from 'electron'
import { text } from '../text.ts'

/** Where the form seems to lead. It is read from the navigation, which is then refused like any other. */
const FORM = 'mailward://connect/'

function escapeHtml(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function page(typed: string, problem: string | undefined): string {
  const fault = problem ? `<p role="alert" id="problem">${escapeHtml(problem)}</p>` : ''
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${text.connectTitle}</title>
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action ${FORM}">
<style>
:root { color-scheme: light dark; font: 13px/1.45 system-ui, sans-serif; --ground: #f7f7f5; --panel: #fff;
  --line: #c9c8c3; --text: #1b1d1c; --dim: #5f6661; --accent: #0b6b5d; --on-accent: #fff; --bad: #b42318 }
@media (prefers-color-scheme: dark) { :root { --ground: #0e1110; --panel: #141817; --line: #3a423f;
  --text: #e6e9e7; --dim: #a0a8a4; --accent: #4fc3ae; --on-accent: #0e1110; --bad: #f28b80 } }
body { margin: 24px; background: var(--ground); color: var(--text) }
label { display: block; font-weight: 600; margin-bottom: 6px }
input { width: 100%; box-sizing: border-box; font: inherit; padding: 8px 10px; border-radius: 6px;
  border: 1px solid var(--line); background: var(--panel); color: inherit }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
p { margin: 8px 0 0; color: var(--dim) } #problem { color: var(--bad) }
button { margin-top: 16px; float: right; font: inherit; font-weight: 600; padding: 7px 16px; border-radius: 6px;
  border: 0; background: var(--accent); color: var(--on-accent) }
</style></head><body><form action="${FORM}"><label for="url">${text.connectLabel}</label>
<input id="url" name="url" value="${escapeHtml(typed)}" autofocus autocomplete="off" spellcheck="false" maxlength="400"
 aria-describedby="hint"><p id="hint">${text.connectHint}</p>${fault}<button>${text.connect}</button></form></body></html>`
}

function show(window: BrowserWindow, typed: string, problem?: string): void {
  void window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(page(typed, problem))}`)
}

let present: BrowserWindow | undefined

/**
 * Opens the question, or brings it to the front when it is open.
 * @param connect connects to the address typed; returns what is wrong with it, if anything
 */
export function askForRelay(parent: BrowserWindow, typed: string, connect: (url: string) => string | undefined): void {
  if (present) {
    present.focus()
    return
  }
  const window = new BrowserWindow({
    parent,
    modal: true,
    width: 460,
    height: 220,
    useContentSize: true,
    resizable: false,
    minimizable: false,
    maximizable: false,
    title: text.connectTitle,
    webPreferences: { sandbox: true, contextIsolation: true, javascript: false },
  })
  present = window
  window.removeMenu()
  window.on('closed', () => {
    present = undefined
  })
  window.webContents.on('before-input-event', (_event, input) => {
    if (input.type === 'keyDown' && input.key === 'Escape') window.close()
  })
  window.webContents.on('will-frame-navigate', (event) => {
    event.preventDefault()
    if (!event.url.startsWith(FORM)) return
    const given = new URL(event.url).searchParams.get('url') ?? ''
    const problem = connect(given)
    if (problem === undefined) window.close()
    else show(window, given, problem)
  })
  show(window, typed)
}
