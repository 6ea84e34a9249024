/** Puts the parts of the shell together, once Electron is ready. */

import type { WriteStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { app, type BrowserWindow, Notification, powerMonitor, protocol, safeStorage, session } from 'electron'
import { answerConsole, tellConsole } from './bridge.ts'
import { setMenu } from './menu.ts'
import type { Options } from './options.ts'
import { openPreferences, type PreferenceFile } from './preferences.ts'
import { type Quitting, takeChargeOfQuitting } from './quit.ts'
import { type Connection, openConnection } from './relay/connection.ts'
import { openKeychain } from './relay/keychain.ts'
import { openLogFile } from './relay/log-file.ts'
import { openVault } from './relay/vault.ts'
import { serveConsole } from './safety/content.ts'
import { limitPermissions } from './safety/permissions.ts'
import { limitTraffic } from './safety/traffic.ts'
import { text } from './text.ts'
import { makeTray } from './tray.ts'
import { askForRelay } from './window/connect.ts'
import { reloadAfterCrash } from './window/crash.ts'
import { makeWindow } from './window/window.ts'

const built = resolve(import.meta.dirname, '..')
const icons = resolve(built, '../resources/icons')
const icon = join(icons, 'mailward.png')
const trayIcon = join(icons, process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png')

/** Everything that lives as long as the application does. */
interface Parts {
  options: Options
  preferences: PreferenceFile
  connection: Connection
  quitting: Quitting
  window: BrowserWindow | undefined
}

export interface Application {
  /** Brings the console's window to the front, making it when there is none. */
  open(): void
}

/** Starts everything; Electron must be ready. */
export async function startApplication(options: Options): Promise<Application> {
  const preferences = openPreferences(join(app.getPath('userData'), 'shell.json'))
  const given = options.relay && options.session ? [[options.relay, options.session] as const] : []
  const vault = await openVault(safeStorage, preferences, new Map(given))
  const connection = openConnection({
    local: {
      file: join(built, 'main/utility.cjs'),
      configuration: options.serve,
      log: relayLog(),
      keychain: openKeychain(safeStorage),
    },
    remote: options.relay ?? preferences.get().relay,
    vault,
    onChange: () => changed(),
  })
  const quitting = takeChargeOfQuitting(app, {
    waiting: connection.waiting,
    stop: connection.stop,
    window: () => parts.window,
  })
  const parts: Parts = { options, preferences, connection, quitting, window: undefined }

  secure(connection)
  answerConsole(connection, (address) => connect(parts, address))
  const tray = makeTray(trayIcon, () => open(parts), app.quit)
  const changed = follow(parts, (waiting) => tray.show(connection.state(), waiting))
  powerMonitor.on('shutdown', quitting.now)
  connection.start()
  open(parts)
  changed()
  return { open: () => open(parts) }
}

/** An installed application has no terminal anybody looks at. */
function relayLog(): WriteStream | undefined {
  return app.isPackaged ? openLogFile(join(app.getPath('logs'), 'relay.log')) : undefined
}

function secure(connection: Connection): void {
  serveConsole(protocol, join(built, 'renderer'))
  limitTraffic(session.defaultSession, connection.socket, !app.isPackaged)
  limitPermissions(session.defaultSession)
}

/** What is to be done with each change of the connection. */
function follow(parts: Parts, showTray: (waiting: number) => void): () => void {
  let remote: boolean | undefined
  return () => {
    const { connection } = parts
    tellConsole(parts.window, connection)
    showTray(connection.waiting())
    if (remote === isRemote(connection)) return
    remote = isRemote(connection)
    menu(parts, remote)
  }
}

function isRemote(connection: Connection): boolean {
  return connection.state().kind === 'remote'
}

function menu(parts: Parts, remote: boolean): void {
  setMenu({
    remote,
    inspecting: !app.isPackaged,
    connectLocal: () => void connect(parts, null),
    connectElsewhere() {
      const window = open(parts)
      askForRelay(window, parts.preferences.get().relay ?? '', (address) => connect(parts, address))
    },
  })
}

/** Shows another relay and remembers which. Returns what is wrong with the address, if anything. */
function connect(parts: Parts, address: string | null): string | undefined {
  const problem = parts.connection.connectTo(address)
  if (problem === undefined) parts.preferences.set({ relay: parts.connection.origin() })
  return problem
}

function open(parts: Parts): BrowserWindow {
  const window = parts.window && !parts.window.isDestroyed() ? parts.window : make(parts)
  if (window.isMinimized()) window.restore()
  if (window.webContents.getURL() !== '') window.show()
  window.focus()
  return window
}

function make(parts: Parts): BrowserWindow {
  const window = makeWindow(join(built, 'preload/preload.cjs'), icon, parts.preferences)
  parts.window = window
  reloadAfterCrash(window)
  window.webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) parts.connection.forget(window.webContents)
  })
  window.on('close', (event) => {
    if (parts.quitting.begun()) return
    event.preventDefault()
    window.hide()
    tellAboutTray(parts.preferences)
  })
  window.on('session-end', parts.quitting.now)
  return window
}

/** Once, so that nobody takes a closed window for an ended relay. */
function tellAboutTray(preferences: PreferenceFile): void {
  if (preferences.get().trayExplained || !Notification.isSupported()) return
  preferences.set({ trayExplained: true })
  new Notification({ title: text.name, body: text.inTray, icon }).show()
}
