/** In charge of the desktop application: window, menu, tray, and the relay process behind the console. */

import { app } from 'electron'

void app.whenReady()
