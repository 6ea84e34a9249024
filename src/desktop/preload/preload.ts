/** The only bridge between the console's page and the shell: `window.mailward`. */

import { contextBridge } from 'electron'

contextBridge.exposeInMainWorld('mailward', { platform: process.platform })
