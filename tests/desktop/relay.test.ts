import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConsoleRelay, email, password } from '../console/support.ts'
import { type Desktop, findPlace, startDesktop } from './electron.ts'

const { executable, display, skipped } = await findPlace()

describe.skipIf(skipped !== '')(`the desktop and a relay elsewhere${skipped}`, () => {
  let relay: ConsoleRelay
  let desktop: Desktop

  beforeAll(async () => {
    relay = new ConsoleRelay()
    await relay.start()
    await relay.prepare()
    desktop = await startDesktop({
      executable,
      display,
      words: ['--relay', relay.url],
    })
  })
  afterAll(async () => {
    await desktop?.close()
    await relay?.remove()
    display.stop()
  })

  test('logs in, shows mail as it arrives, keeps the session over a reload and finds a restarted relay again', async () => {
    const { window: page } = desktop
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await page.evaluate(() => {
      location.hash = '#/messages'
    })

    await relay.send([{ to: 'tom@kestrel.example', subject: 'A kettle for the fourth floor' }])
    await page.getByText('A kettle for the fourth floor').first().waitFor()

    await page.reload()
    await page.getByText('A kettle for the fourth floor').first().waitFor()

    await relay.kill()
    await relay.start()
    await relay.send([{ to: 'tom@kestrel.example', subject: 'Sent after the restart' }])
    await page.getByText('Sent after the restart').first().waitFor()
    expect(page.url()).toMatch(/^mailward:\/\/console\/(index\.html)?#\/messages/)
  })
})
