/** An account holder about own data: everything of the account goes, nothing of any other. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { RequestFixture, textOf } from './support.ts'

let fixture: RequestFixture

beforeAll(async () => {
  fixture = await RequestFixture.start(['acme', 'bravo'])
  await fixture.send('acme', 'tom@kestrel.example')
  await fixture.send('acme', 'ann@harrier.example')
  await fixture.send('bravo', 'tom@kestrel.example')
  await fixture.sink.received(3)
})
afterAll(() => fixture.stop())

async function counts(): Promise<Record<string, number>> {
  const { items } = await fixture.local.messages.list({ limit: 100 })
  return Object.fromEntries(
    ['acme', 'bravo'].map((name) => [name, items.filter((item) => item.account === name).length]),
  )
}

test('an account’s deletion takes its records and leaves the others’', async () => {
  const { requests } = fixture.local
  const { id } = await requests.open({
    kind: 'deletion',
    track: 'holder',
    account: 'acme',
    subject: 'ops@acme.example',
  })
  // the code goes to the contact the relay knows
  await requests.sendCode({ id })
  const code = /^(\d{4} \d{4})$/m.exec(textOf(await fixture.letter('ops@acme.example', 'Please confirm')))![1]!
  await requests.confirmCode({ id, code })
  await fixture.search(id, 2)
  await requests.decide({ id })
  await requests.execute({ id })
  const executed = await fixture.detail(id, ({ state }) => state === 'executed')
  expect(executed).toMatchObject({ outcome: 'done', execution: { destroyed: { headers: 2, redacted: 0 } } })
  expect((await counts()).bravo).toBe(1)
  await requests.answer({ id })
  expect(textOf(await fixture.letter('ops@acme.example', 'was carried out'))).toContain('2 header records')
  const ended = await fixture.detail(id, ({ state, subject }) => state === 'closed' && !subject.includes('@'))
  expect(ended.steps.filter(({ obstacle }) => obstacle === '')).toEqual([])
  expect(await counts()).toEqual({ acme: 0, bravo: 1 })
  // the account itself goes on
  expect(await fixture.local.accounts.get({ name: 'acme' })).toMatchObject({ status: 'active' })
})
