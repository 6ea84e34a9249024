/** In charge of the desktop application: its window, menu and tray, and the relay process behind the console. */

import { join } from 'node:path'
import { app, dialog, protocol } from 'electron'
import { type Application, startApplication } from './application.ts'
import { readOptions } from './options.ts'
import { registerScheme } from './safety/content.ts'
import { holdPages } from './safety/contents.ts'
import { text } from './text.ts'

const options = readOptions(process.argv.slice(1), process.env)

/** A folder of the shell's own: on macOS and Windows Electron's default is where the relay's data folder lies. */
function chooseFolder(): void {
  if (app.commandLine.hasSwitch('user-data-dir')) return
  const name = process.platform === 'linux' ? 'mailward-console' : 'Mailward Console'
  app.setPath('userData', join(app.getPath('appData'), name))
}

function start(): void {
  // with --no-sandbox (root in a container) this would end every page at once; they stay without Node either way
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerScheme(protocol)
  holdPages(app)
  const application: Promise<Application> = app.whenReady().then(() => startApplication(options))
  // a fault here is a bug, and an application without a window could not even be quit
  application.catch((fault: Error) => {
    dialog.showErrorBox(text.cannotStart, fault.stack ?? fault.message)
    app.exit(1)
  })
  const open = (): void => void application.then((started) => started.open())
  app.on('second-instance', open)
  app.on('activate', open)
  // the relay goes on without a window
  app.on('window-all-closed', () => undefined)
}

app.setName(text.name)
chooseFolder()
if (options.problem !== undefined) {
  console.error(options.problem)
  app.exit(2)
} else if (app.requestSingleInstanceLock()) start()
else app.quit()
