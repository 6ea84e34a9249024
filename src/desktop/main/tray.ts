/** The icon in the tray: what is left of the application while its window is closed and the relay goes on. */

import { Menu, nativeImage, Tray } from 'electron'
import type { ShellState } from '../../contract/shell.ts'
import { text } from './text.ts'

export interface TrayIcon {
  /** Shows the present state in the icon's menu. */
  show(state: ShellState, waiting: number): void
}

function line(state: ShellState, waiting: number): string {
  if (state.kind === 'remote') return text.relayRemote(new URL(state.url ?? '').host)
  switch (state.relay) {
    case 'starting':
      return text.relayStarting
    case 'running':
      return text.relayRunning(waiting)
    case 'failed':
      return text.relayFailed
  }
}

/** @param icon path of the picture; a `@2x` one lies beside it, and macOS colours a `Template` by itself */
export function makeTray(icon: string, open: () => void, quit: () => void): TrayIcon {
  const tray = new Tray(nativeImage.createFromPath(icon))
  let shown: string | undefined
  tray.on('click', open)
  return {
    show(state, waiting) {
      const status = line(state, waiting)
      // a menu that is replaced while it is open closes: only when there is news
      if (status === shown) return
      shown = status
      tray.setToolTip(`${text.name}\n${status}`)
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: status, enabled: false },
          { type: 'separator' },
          { label: text.openConsole, click: open },
          { label: text.quit, click: quit },
        ]),
      )
    },
  }
}
