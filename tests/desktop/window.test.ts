import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type {} from '../../src/contract/shell.ts'
import { CONTENT_SECURITY_POLICY } from '../../src/desktop/main/safety/content.ts'
import { commandLine, type Desktop, environment, findPlace, startDesktop } from './electron.ts'
import { type Stage, stageApplication } from './stage.ts'

const { executable, display, skipped } = await findPlace()

afterAll(() => display.stop())

/** What a port to the stand-in relay answers. */
interface Answer {
  heard: string
  session: string | null
  pid: number
}

describe.skipIf(skipped !== '')(`the desktop window${skipped}`, () => {
  let stage: Stage
  let folder: string
  let desktop: Desktop

  beforeAll(() => {
    stage = stageApplication()
  })
  afterAll(() => stage.remove())
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailward-desktop-'))
  })
  afterEach(async () => {
    await desktop.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  async function start(...words: string[]): Promise<Desktop> {
    desktop = await startDesktop({ executable, display, application: stage.folder, folder, words })
    return desktop
  }

  /** A second start beside the first; resolves with its exit code. */
  function startAgain(): Promise<number | null> {
    const second = spawn(executable, commandLine(folder, stage.folder), { env: environment(display), stdio: 'ignore' })
    return new Promise((settled) => second.once('exit', settled))
  }

  function isVisible(): Promise<boolean> {
    return desktop.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())
  }

  /** The page of the question for an address; it runs no script, so that a test can only read it and type. */
  function question(): Promise<string> {
    return desktop.application.evaluate(({ BrowserWindow }) => {
      const asking = BrowserWindow.getAllWindows().find((window) => window.getParentWindow())
      return decodeURIComponent(asking?.webContents.isLoading() === false ? asking.webContents.getURL() : '')
    })
  }

  /** Types an address over what stands there, and Enter. */
  async function type(address: string): Promise<void> {
    await expect.poll(question).toContain('<form')
    const asking = () => desktop.application.windows().find((each) => each !== desktop.window)
    // the test hears of a window later than the application does
    await expect.poll(() => asking() !== undefined).toBe(true)
    const { keyboard } = asking()!
    await keyboard.press('Control+A')
    await keyboard.type(address)
    // an address that is taken closes the window under the key
    await keyboard.press('Enter').catch(() => undefined)
  }

  /** Asks the page for a port and says a word on it; the answer of the relay. */
  function say(word: string): Promise<Answer> {
    return desktop.window.evaluate(
      (said) =>
        new Promise<Answer>((settled) => {
          const take = (event: MessageEvent): void => {
            if (event.data.type !== 'mailward-port') return
            window.removeEventListener('message', take)
            event.ports[0]!.onmessage = ({ data }) => settled(data)
            event.ports[0]!.postMessage(said)
          }
          window.addEventListener('message', take)
          window.mailward!.requestPort()
        }),
      word,
    )
  }

  test('opens the console with its policy, and nothing of Node in the page', async () => {
    const { window: page, application } = await start()
    expect(page.url()).toBe('mailward://console/')
    const found = await page.evaluate(async () => ({
      ownScriptRan: 'ownScriptRan' in window,
      node: ['process', 'require', 'module', 'Buffer', 'global', 'ipcRenderer'].filter((name) => name in window),
      bridge: Object.keys(window.mailward!).sort(),
      policy: (await fetch('mailward://console/')).headers.get('content-security-policy'),
      beside: await Promise.all(
        ['..%2fmain%2fshell.cjs', '%2e%2e/main/utility.cjs', 'gone.js'].map((path) =>
          fetch(path).then((r) => r.status),
        ),
      ),
    }))
    expect(found).toEqual({
      ownScriptRan: true,
      node: [],
      bridge: ['connectTo', 'onState', 'platform', 'rememberSession', 'requestPort', 'session', 'version'],
      policy: CONTENT_SECURITY_POLICY,
      beside: [404, 404, 404],
    })
    const settings = await application.evaluate(({ BrowserWindow }) =>
      (
        BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): object }
      ).getLastWebPreferences(),
    )
    expect(settings).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false })
  })

  test('runs no script but the console’s own files', async () => {
    const { window: page } = await start()
    const ran = await page.evaluate(async () => {
      const inline = document.createElement('script')
      inline.textContent = 'window.inlineRan = true'
      const foreign = document.createElement('script')
      foreign.src = 'data:text/javascript,window.foreignRan=true'
      document.body.append(inline, foreign)
      await new Promise((settled) => foreign.addEventListener('error', settled))
      return ['inlineRan', 'foreignRan'].filter((name) => name in window)
    })
    expect(ran).toEqual([])
  })

  test('stays where it is: navigation, new windows, embedded pages and requests elsewhere are refused', async () => {
    const { window: page, application } = await start()
    let requests = 0
    const server = createServer((_request, response) => {
      requests++
      response.end('elsewhere')
    }).listen(0, '127.0.0.1')
    await new Promise((settled) => server.once('listening', settled))
    const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await application.evaluate(({ shell, dialog }) => {
      const seen: string[] = []
      Object.assign(globalThis, { seen })
      shell.openExternal = async (url) => void seen.push(`opened ${url}`)
      dialog.showMessageBox = (async (...given: unknown[]) => {
        seen.push(`asked ${(given.at(-1) as { detail: string }).detail}`)
        return { response: 1, checkboxChecked: false }
      }) as typeof dialog.showMessageBox
    })
    const outcome = await page.evaluate(async (address) => {
      const opened = [address, 'https://example.org/', 'file:///etc/passwd'].map((url) => window.open(url))
      const fetched = await fetch(address).then(
        () => 'fetched',
        () => 'refused',
      )
      const image = new Image()
      image.src = `${address}pixel.png`
      await new Promise((settled) => image.addEventListener('error', settled))
      const frame = document.createElement('iframe')
      frame.src = address
      document.body.append(frame)
      const link = document.createElement('a')
      link.href = address
      link.click()
      // a frame that is written in place is shown, and asks for nothing
      const inPlace = document.createElement('iframe')
      inPlace.setAttribute('sandbox', 'allow-same-origin')
      inPlace.srcdoc = `<p>in place</p><img src="${address}in-place.png"><iframe src="${address}"></iframe>`
      document.body.append(inPlace)
      await new Promise((settled) => inPlace.addEventListener('load', settled))
      const shown = inPlace.contentDocument?.body.innerText
      inPlace.remove()
      return { opened, fetched, shown }
    }, elsewhere)
    expect(outcome).toEqual({
      opened: [null, null, null],
      fetched: 'refused',
      shown: expect.stringMatching(/^in place/),
    })
    await page.evaluate(() => {
      location.href = 'data:text/html,elsewhere'
    })
    await expect
      .poll(() => application.evaluate(() => (globalThis as unknown as { seen: string[] }).seen))
      .toEqual(['asked https://example.org/'])
    expect(await page.evaluate(() => [location.href, document.body.textContent])).toEqual([
      'mailward://console/',
      'Staged',
    ])
    expect(page.url()).toBe('mailward://console/')
    expect(application.windows()).toHaveLength(1)
    expect(requests).toBe(0)
    server.close()
  })

  test('grants a page nothing', async () => {
    const { window: page } = await start()
    const answers = await page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: Error) => error.name,
      ),
    }))
    expect(answers).toEqual({ notifications: 'denied', camera: expect.stringMatching(/NotAllowed|NotFound/) })
  })

  test('refuses messages that another page sends through the same preload', async () => {
    const { application } = await start()
    const refusal = await application.evaluate(
      async ({ BrowserWindow }, preload) => {
        const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
        await other.loadURL('data:text/html,<title>other</title>')
        const calls = ['session()', 'connectTo("https://evil.example")', 'rememberSession("x")']
        return Promise.all(
          calls.map((call) =>
            other.webContents.executeJavaScript(
              `window.mailward.${call}.then(() => 'answered', (error) => error.message)`,
            ),
          ),
        )
      },
      join(stage.folder, 'out/preload/preload.cjs'),
    )
    expect(refusal).toEqual(
      ['session', 'connect', 'remember'].map((channel) =>
        expect.stringContaining(`mailward:${channel} is for the console only`),
      ),
    )
  })

  test('hands the page a port to the relay, again after a reload, and the shell names the session', async () => {
    const { window: page } = await start('--data', '/nowhere')
    const state = await page.evaluate(() => new Promise((settled) => window.mailward!.onState(settled)))
    expect(state).toMatchObject({ kind: 'local' })
    const first = await say('hello')
    expect(first).toEqual({ heard: 'hello', session: null, pid: expect.any(Number) })
    expect(await say('log in')).toMatchObject({ session: null })
    await page.reload()
    await expect.poll(() => say('again')).toEqual({ heard: 'again', session: 'token-of-ann', pid: first.pid })
    const firstToken = await page.evaluate(
      () => new Promise((settled) => window.mailward!.onState((now) => settled(now.firstToken))),
    )
    expect(firstToken).toBeNull()
  })

  test('starts a relay that ended again, and the page gets a new port without asking', async () => {
    const { window: page } = await start()
    const first = await say('hello')
    const next = page.evaluate(
      () =>
        new Promise<Answer>((settled) => {
          window.addEventListener('message', (event) => {
            if (event.data.type !== 'mailward-port') return
            event.ports[0]!.onmessage = ({ data }) => settled(data)
            event.ports[0]!.postMessage('back')
          })
        }),
    )
    await desktop.application.evaluate((_electron, pid) => process.kill(pid, 'SIGKILL'), first.pid)
    const second = await next
    expect(second).toEqual({ heard: 'back', session: null, pid: expect.any(Number) })
    expect(second.pid).not.toBe(first.pid)
  })

  test('goes on in the tray when its window is closed; a second start shows the window again', async () => {
    const { application } = await start()
    await expect.poll(isVisible).toBe(true)
    await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await expect.poll(isVisible).toBe(false)
    expect(application.process().exitCode).toBeNull()
    const trays = () =>
      application.evaluate(() => [...(globalThis as unknown as { trays: Map<object, string> }).trays.values()])
    // the window can be there, and gone, before the relay has said how it is
    await expect.poll(trays).toEqual(['Mailward\nRelay: running, 3 deliveries waiting'])
    expect(await startAgain()).toBe(0)
    await expect.poll(isVisible).toBe(true)
    expect((await say('hello')).heard).toBe('hello')
  })

  test('asks before quitting what happens to the queue', async () => {
    const { application } = await start()
    await say('hello')
    await application.evaluate(({ dialog, app }) => {
      const asked: unknown[] = []
      Object.assign(globalThis, { asked })
      dialog.showMessageBox = (async (...given: unknown[]) => {
        const { message, buttons } = given.at(-1) as { message: string; buttons: string[] }
        asked.push({ message, buttons })
        return { response: asked.length === 1 ? 2 : asked.length === 2 ? 1 : 0, checkboxChecked: false }
      }) as typeof dialog.showMessageBox
      app.quit()
    })
    const asked = (): Promise<unknown[]> =>
      application.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked)
    await expect
      .poll(asked)
      .toEqual([{ message: '3 deliveries are unfinished', buttons: ['Quit', 'Keep Running in the Tray', 'Cancel'] }])
    expect(await isVisible()).toBe(true)
    await application.evaluate(({ app }) => app.quit())
    await expect.poll(isVisible).toBe(false)
    const gone = new Promise((settled) => application.process().once('exit', settled))
    await application.evaluate(({ app }) => app.quit()).catch(() => undefined)
    expect(await gone).toBe(0)
  })

  test('asks for a relay elsewhere, says what is wrong, and remembers the one it connects to', async () => {
    const { application, window: page } = await start()
    const state = (): Promise<unknown> =>
      page.evaluate(() => new Promise((settled) => window.mailward!.onState(settled)))
    await application.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('connect-elsewhere')!.click())
    await type('http://relay.example')
    await expect.poll(question).toContain('Use https://relay.example')
    expect(await question()).toContain('value="http://relay.example"')
    await type('https://relay.example')
    await expect.poll(state).toEqual({ kind: 'remote', url: 'wss://relay.example/rpc', relay: 'running' })
    expect(JSON.parse(readFileSync(join(folder, 'shell.json'), 'utf8'))).toMatchObject({
      relay: 'https://relay.example',
    })
    await application.evaluate(({ Menu }) => Menu.getApplicationMenu()!.getMenuItemById('connect-local')!.click())
    await expect.poll(state).toMatchObject({ kind: 'local', relay: 'running' })
    expect(JSON.parse(readFileSync(join(folder, 'shell.json'), 'utf8'))).not.toHaveProperty('relay')
  })

  test('loads a console that crashed again, and says so', async () => {
    const { application, window: page } = await start()
    await application.evaluate(({ dialog }) => {
      const told: string[] = []
      Object.assign(globalThis, { told })
      dialog.showMessageBox = (async (...given: unknown[]) => {
        told.push((given.at(-1) as { message: string }).message)
        return { response: 0, checkboxChecked: false }
      }) as typeof dialog.showMessageBox
    })
    const crashed = new Promise((settled) => page.once('crash', settled))
    await application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
    )
    await crashed
    await expect
      .poll(() => application.evaluate(() => (globalThis as unknown as { told: string[] }).told))
      .toEqual(['The console stopped and was loaded again'])
    await expect
      .poll(() =>
        application.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript('document.title'),
        ),
      )
      .toBe('Staged')
  })

  test('comes back at the place it was left', async () => {
    const { application } = await start()
    await application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.setBounds({ x: 60, y: 50, width: 1000, height: 700 }),
    )
    await expect
      .poll(() => JSON.parse(readFileSync(join(folder, 'shell.json'), 'utf8')).window)
      .toEqual({ x: 60, y: 50, width: 1000, height: 700, maximised: false })
    await desktop.close()
    await start()
    const bounds = await desktop.application.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.getBounds(),
    )
    expect(bounds).toEqual({ x: 60, y: 50, width: 1000, height: 700 })
  })
})
