/** A day whose file was damaged: the list says that it is not everything, and so does what is exported of it. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { dayOf } from '../../src/model/retention.ts'
import { launchBrowser, visit } from '../support/browser.ts'
import { picture } from '../support/pictures.ts'
import { type Sink, startSink } from '../support/sink.ts'
import { faults } from './faults.ts'
import { ConsoleRelay, logIn, password } from './support.ts'

const MONA = 'mona@acme.example'
const PATIENT = { timeout: 20_000, interval: 100 }
const day = dayOf(Date.now())

let browser: Browser
let relay: ConsoleRelay
let sink: Sink

beforeAll(async () => {
  browser = await launchBrowser()
  sink = await startSink()
  relay = new ConsoleRelay()
  await relay.start()
  await relay.prepare({ kind: 'smarthost', host: '127.0.0.1', port: sink.port, tls: 'none' })
  await relay.client.users.add({ email: MONA, name: 'Mona Reyes', role: 'member', account: 'acme', password })
  await relay.send([{ to: 'tom@kestrel.example', subject: 'Your invoice 20417 is ready' }])
  const kept = async () => (await relay.client.retention.overview()).days.reduce((sum, { headers }) => sum + headers, 0)
  await vi.waitUntil(async () => (await kept()) === 1, PATIENT)
  const path = join(relay.folder, 'days', `${day}.db`)
  await vi.waitUntil(() => existsSync(path), PATIENT)
  await relay.stop()
  writeFileSync(path, readFileSync(path).fill(0xff, 8192))
  await relay.start()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await relay?.remove()
  await sink?.stop()
})

test.each([
  ['staff', undefined, / The notices in Settings, Relay name the file\.$/],
  ['the account holder', MONA, /cannot be read\.$/],
])('%s is told that the list is not everything', { timeout: 60_000 }, async (who, person, ending) => {
  const { page, complaints } = await visit(browser)
  await logIn(page, relay, '/messages', person)
  const told = page.getByRole('status').filter({ hasText: 'This is not everything' })
  await told.waitFor()
  expect(await told.innerText()).toContain(day)
  expect(await told.innerText()).toMatch(ending)
  await page.getByText('No messages that can be read').waitFor()
  await picture(page, `unreadable-${who.replaceAll(' ', '-')}`)
  expect(await faults(page)).toEqual([])
  await page.getByRole('button', { name: 'Export what is shown' }).click()
  await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /CSV/ }).click()])
  await page.getByText('This is not everything').nth(1).waitFor()
  await picture(page, `unreadable-export-${who.replaceAll(' ', '-')}`)
  expect(complaints).toEqual([])
})
