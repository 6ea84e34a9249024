import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readOptions } from '../../src/desktop/main/options.ts'
import { isConsolePage, originOf } from '../../src/desktop/main/origin.ts'
import { readRelayAddress } from '../../src/desktop/main/relay/address.ts'
import { restartDelay } from '../../src/desktop/main/relay/backoff.ts'
import { fileFor } from '../../src/desktop/main/safety/content.ts'
import { decisionOn } from '../../src/desktop/main/safety/decision.ts'
import { mayRequest } from '../../src/desktop/main/safety/traffic.ts'
import { boundWindow, SMALLEST } from '../../src/desktop/main/window/bounds.ts'

describe('a relay elsewhere', () => {
  test.each([
    ['https://relay.example', 'https://relay.example', 'wss://relay.example/rpc'],
    ['relay.example:8443', 'https://relay.example:8443', 'wss://relay.example:8443/rpc'],
    [' HTTPS://Relay.Example/ ', 'https://relay.example', 'wss://relay.example/rpc'],
    ['http://127.0.0.1:2580', 'http://127.0.0.1:2580', 'ws://127.0.0.1:2580/rpc'],
    ['wss://relay.example/rpc', 'https://relay.example', 'wss://relay.example/rpc'],
    ['localhost:2580', 'http://localhost:2580', 'ws://localhost:2580/rpc'],
  ])('%s is understood', (typed, url, socket) => {
    expect(readRelayAddress(typed)).toEqual({ ok: true, url, socket })
  })

  test.each([
    ['', /Type an address/],
    ['http://', /Type an address/],
    ['http://relay.example', /Use https:\/\/relay\.example/],
    ['http://127.0.0.1.relay.example', /Use https/],
    ['http://[::1]:2580', /Use https/],
    ['ws://relay.example/rpc', /Use https/],
    ['ftp://relay.example', /starts with https/],
    ['javascript:alert(1)', /Type an address/],
    ['https://ann:secret@relay.example', /name and password/],
    ['https://relay.example/rpc?x=1', /what follows the host: https:\/\/relay\.example/],
  ])('%s is refused and says what to change', (typed, problem) => {
    expect(readRelayAddress(typed)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })

  test('whatever is typed, nothing but TLS or this computer comes out', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.domain()), (typed) => {
        const read = readRelayAddress(typed)
        if (read.ok) expect(read.socket).toMatch(/^(wss:\/\/[^/]+|ws:\/\/(127\.0\.0\.1|localhost)(:\d+)?)\/rpc$/)
      }),
    )
  })
})

test('a relay that ends again and again waits 1 s, doubling to 30 s', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(restartDelay)).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((s) => s * 1000))
})

describe('the console’s files', () => {
  const folder = '/opt/mailward/out/renderer'
  test.each([
    ['mailward://console/', '/index.html'],
    ['mailward://console/index.html?x#/messages', '/index.html'],
    ['mailward://console/assets/index-a1.js', '/assets/index-a1.js'],
    ['mailward://console/assets/../index.html', '/index.html'],
  ])('%s is served', (address, file) => {
    expect(fileFor(address, folder)).toBe(folder + file)
  })

  test.each([
    'mailward://other/index.html',
    'https://console/index.html',
    'mailward://console/%2e%2e%2f%2e%2e%2fpackage.json',
    'mailward://console/..%2f..%2fmain%2fshell.js',
    'mailward://console/..%5c..%5cpackage.json',
    'mailward://console/%00index.html',
    'mailward://console/%',
    'mailward://console/main.ts',
    'mailward://console/assets',
    'mailward://console/..%2frenderer-other%2findex.html',
  ])('%s is not', (address) => {
    expect(fileFor(address, folder)).toBeUndefined()
  })

  test('no path leads out of the folder', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', '..%2f', 'a', '%252e'), fc.string())
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const file = fileFor(`mailward://console/${parts.join('/')}.js`, folder)
        expect(file === undefined || (file.startsWith(`${folder}/`) && !file.includes('/../'))).toBe(true)
      }),
    )
  })
})

test('only the console’s own page may send messages and stay', () => {
  expect(isConsolePage('mailward://console/#/queue')).toBe(true)
  expect(isConsolePage('mailward://console/index.html')).toBe(true)
  for (const address of [
    'mailward://console/assets/a.js',
    'mailward://console.example/',
    'https://console/',
    'data:text/html,x',
    'about:blank',
    '',
  ]) {
    expect(isConsolePage(address)).toBe(false)
  }
  expect(originOf('mailward://console/x')).toBe('mailward://console')
})

test('a page reaches its own files and the relay it is connected to, nothing else', () => {
  const socket = 'wss://relay.example/rpc'
  expect(mayRequest('mailward://console/assets/a.js', socket, false)).toBe(true)
  expect(mayRequest('data:image/png;base64,AA', socket, false)).toBe(true)
  expect(mayRequest('blob:mailward://console/123', socket, false)).toBe(true)
  expect(mayRequest(socket, socket, false)).toBe(true)
  for (const address of [
    'https://relay.example/rpc',
    'wss://relay.example/rpc2',
    'wss://other.example/rpc',
    'http://127.0.0.1:2580/',
    'file:///etc/passwd',
    'blob:https://other.example/1',
    'devtools://devtools/bundled/inspector.html',
  ]) {
    expect(mayRequest(address, socket, false)).toBe(false)
  }
  expect(mayRequest('ws://127.0.0.1:2580/rpc', undefined, false)).toBe(false)
})

test('links open at once, after a question, or never', () => {
  expect(decisionOn('https://www.rfc-editor.org/rfc/rfc5321')).toBe('open')
  expect(decisionOn('https://example.org/')).toBe('ask')
  expect(decisionOn('https://www.rfc-editor.org.evil.example/')).toBe('ask')
  for (const address of [
    'http://www.rfc-editor.org/',
    'file:///etc/passwd',
    'mailto:a@b',
    'https://a:b@c.example',
    'x',
  ]) {
    expect(decisionOn(address)).toBe('refuse')
  }
})

describe('the window', () => {
  const screens = [
    { x: 0, y: 25, width: 1440, height: 875 },
    { x: 1440, y: 0, width: 1920, height: 1080 },
  ]
  test('comes back where it was, on either screen', () => {
    const place = { x: 1700, y: 40, width: 1000, height: 700, maximised: true }
    expect(boundWindow(place, screens)).toEqual(place)
  })

  test('comes to the middle of the first screen when its own is gone', () => {
    const place = { x: 5000, y: 40, width: 1000, height: 700, maximised: false }
    expect(boundWindow(place, screens)).toEqual({ x: 80, y: 63, width: 1280, height: 800, maximised: false })
    expect(boundWindow(undefined, screens)).toEqual({ x: 80, y: 63, width: 1280, height: 800, maximised: false })
  })

  test('can always be taken hold of, and is never smaller than it can be used', () => {
    const number = fc.integer({ min: -10_000, max: 10_000 })
    const place = fc.record({ x: number, y: number, width: number, height: number, maximised: fc.boolean() })
    fc.assert(
      fc.property(place, (remembered) => {
        const { x, y, width, height } = boundWindow(remembered, screens)
        expect(width).toBeGreaterThanOrEqual(SMALLEST.width)
        expect(height).toBeGreaterThanOrEqual(SMALLEST.height)
        expect(screens.some((s) => x < s.x + s.width && x + width > s.x && y >= s.y && y < s.y + s.height)).toBe(true)
      }),
    )
  })
})

test('options for the relay are handed on, Chromium’s are left alone', () => {
  expect(
    readOptions(['--no-sandbox', '--data', '/srv/mail', '--smtp=127.0.0.1:2525', '--disable-gpu', '.'], {}),
  ).toEqual({
    relay: undefined,
    session: null,
    serve: ['--data', '/srv/mail', '--smtp', '127.0.0.1:2525', '--console', 'none'],
    problem: undefined,
  })
  expect(readOptions(['--relay', 'relay.example'], { MAILWARD_RELAY_SESSION: 't' })).toMatchObject({
    relay: 'https://relay.example',
    session: 't',
  })
  expect(readOptions([], { MAILWARD_RELAY_URL: 'http://relay.example' }).problem).toMatch(
    /^http:\/\/relay\.example: Use https/,
  )
})
