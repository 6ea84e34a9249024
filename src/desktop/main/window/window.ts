/** The application's one window. */

import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { CONSOLE_URL } from '../origin.ts'
import type { PreferenceFile } from '../preferences.ts'
import { text } from '../text.ts'
import { boundWindow, SMALLEST, type WindowBounds } from './bounds.ts'

/** The console's own background, so that nothing flashes white before it has painted. */
const background = { light: '#f7f7f5', dark: '#0e1110' }

/** A window that is moved writes its place once it rests this long, in milliseconds. */
const REST_MS = 500

function currentBounds(preferences: PreferenceFile): WindowBounds {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
  return boundWindow(
    preferences.get().window,
    [primary, ...others].map((display) => display.workArea),
  )
}

function rememberBounds(window: BrowserWindow, preferences: PreferenceFile): void {
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    clearTimeout(timer)
    if (!window.isDestroyed()) {
      preferences.set({ window: { ...window.getNormalBounds(), maximised: window.isMaximized() } })
    }
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(write, REST_MS)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('close', write)
}

/**
 * Makes the window and loads the console into it.
 * @param preload path of the built preload
 * @param icon path of the application's picture (Linux and Windows; macOS takes it from the package)
 */
export function makeWindow(preload: string, icon: string, preferences: PreferenceFile): BrowserWindow {
  const { maximised, ...area } = currentBounds(preferences)
  const window = new BrowserWindow({
    ...area,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: text.name,
    icon,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      additionalArguments: [`--mailward-version=${app.getVersion()}`],
    },
  })
  if (maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberBounds(window, preferences)
  void window.loadURL(CONSOLE_URL)
  return window
}
