/** The only bridge between the console's page and the shell: `window.mailward`. Self-contained, runs in the sandbox. */

import { contextBridge, ipcRenderer } from 'electron'
import type { PortMessage, ShellBridge, ShellState } from '../../contract/shell.ts'

const VERSION = '--mailward-version='

const listeners = new Set<(state: ShellState) => void>()

ipcRenderer.on('mailward:state', (_event, state: ShellState) => {
  for (const listener of listeners) listener(state)
})

ipcRenderer.on('mailward:port', (event) => {
  // a port cannot cross the context bridge; only a message of the window carries it into the page
  const message: PortMessage = { type: 'mailward-port' }
  window.postMessage(message, window.location.origin, event.ports)
})

const bridge: ShellBridge = {
  platform: process.platform,
  version: process.argv.find((word) => word.startsWith(VERSION))?.slice(VERSION.length) ?? '',
  requestPort() {
    void ipcRenderer.invoke('mailward:request-port')
  },
  onState(listener) {
    listeners.add(listener)
    void ipcRenderer.invoke('mailward:state').then((state: ShellState) => {
      if (listeners.has(listener)) listener(state)
    })
    return () => void listeners.delete(listener)
  },
  rememberSession: (token) => ipcRenderer.invoke('mailward:remember', token),
  session: () => ipcRenderer.invoke('mailward:session'),
  connectTo: (url) => ipcRenderer.invoke('mailward:connect', url),
}

contextBridge.exposeInMainWorld('mailward', bridge)
