/** The application's menu: the platform's own items, and which relay the console shows. */

import { Menu, type MenuItemConstructorOptions } from 'electron'
import { text } from './text.ts'

export interface MenuOptions {
  connectElsewhere(): void
  connectLocal(): void
  /** whether the console shows a relay elsewhere */
  remote: boolean
  /** whether the developer tools are offered */
  inspecting: boolean
}

function fileMenu(options: MenuOptions): MenuItemConstructorOptions {
  const mac = process.platform === 'darwin'
  return {
    role: 'fileMenu',
    submenu: [
      { id: 'connect-elsewhere', label: text.connectElsewhere, click: options.connectElsewhere },
      { id: 'connect-local', label: text.connectLocal, click: options.connectLocal, enabled: options.remote },
      { type: 'separator' },
      { role: 'close' },
      ...(mac ? [] : [{ type: 'separator' as const }, { role: 'quit' as const, label: text.quit }]),
    ],
  }
}

function viewMenu(inspecting: boolean): MenuItemConstructorOptions {
  return {
    role: 'viewMenu',
    submenu: [
      { role: 'reload' },
      ...(inspecting ? [{ role: 'toggleDevTools' as const }] : []),
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
}

/** Sets the menu; to be called again when `remote` changes. */
export function setMenu(options: MenuOptions): void {
  const mac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  const help: MenuItemConstructorOptions = { role: 'help', submenu: [{ role: 'about' }] }
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      fileMenu(options),
      { role: 'editMenu' },
      viewMenu(options.inspecting),
      { role: 'windowMenu' },
      ...(mac.length > 0 ? [] : [help]),
    ]),
  )
}
