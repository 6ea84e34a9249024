/** The promise over the API: live checks, the dry run, the days of the policy, and metrics. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let admin: Client
let token: string
let email: string

beforeAll(async () => {
  relay = await startTestRelay()
  ;({ token, email } = await relay.person('admin'))
  admin = relay.bearer(token)
})
afterAll(() => relay.stop())

test('every sentence of the promise is checked, and holds on a fresh relay', async () => {
  const overview = await admin.retention.overview()
  expect(overview).toMatchObject({ policy: { days: 70, samplePerBlock: 1000 }, overdue: 0, alarms: [], clock: null })
  expect(overview.lastRun).not.toBeNull()
  expect(Date.parse(overview.nextRun!)).toBeGreaterThan(Date.now())
  expect(overview.checks.map(({ id }) => id)).toEqual([
    'headers.age',
    'samples.age',
    'bodies.finished',
    'samples.sealed',
    'files.orphans',
    'retention.run',
    'receipts.valid',
    'audit.checkpoint',
    'requests.due',
    'backups.date',
    'clock',
  ])
  expect(overview.checks.filter(({ state }) => state === 'broken')).toEqual([])
})

test('a dry run takes a time and a number of days, and changes nothing', async () => {
  const at = new Date(Date.now() + 100 * 86_400_000).toISOString()
  expect(await admin.retention.plan({ at, days: 10 })).toEqual({ at, days: [], headers: 0, samples: 0, bytes: 0 })
  await expect(admin.retention.plan({ days: 71 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect((await admin.retention.overview()).policy.days).toBe(70)
})

test('the days of the policy are set with a reason, at most 70, and audited with it', async () => {
  const reason = 'the new contract says so'
  await expect(admin.retention.setDays({ days: 71, reason })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await expect(admin.retention.setDays({ days: 50, reason: ' ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await admin.retention.setDays({ days: 50, reason })).toEqual({ days: 50 })
  expect((await admin.retention.overview()).policy.days).toBe(50)
  const { rows } = await admin.audit.list({ action: 'retention.setDays' })
  expect(rows).toMatchObject([{ actor: email, reason, facts: { before: 70, days: 50 } }])
})

test('a run by a person is audited; a question nobody asked has no answer', async () => {
  expect(await admin.retention.run()).toEqual({ receipts: [] })
  expect((await admin.audit.list({ action: 'retention.run' })).rows).toMatchObject([{ actor: email }])
  const answer = admin.retention.answerClock({ right: true, reason: 'looked at it' })
  await expect(answer).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await admin.retention.receipts({})).toEqual({ receipts: [], next: null })
})

test('metrics tell what retention does', async () => {
  const response = await fetch(`${relay.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  const text = await response.text()
  expect(text).toMatch(/^mailward_retention_overdue_days 0$/m)
  expect(text).toMatch(/^mailward_retention_oldest_header_age_seconds 0$/m)
  expect(text).toMatch(/^mailward_retention_last_run_timestamp_seconds 1\d{9}$/m)
  expect(text).toMatch(/^mailward_retention_alarms 0$/m)
  expect(text).toMatch(/^mailward_samples_stored 0$/m)
  expect(text).toMatch(/^mailward_audit_checkpoint_age_seconds \d$/m)
  expect(text).toMatch(/^mailward_audit_checkpoint_export_failing 0$/m)
})
