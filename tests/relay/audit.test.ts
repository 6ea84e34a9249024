import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOver, password, startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
beforeAll(async () => {
  relay = await startTestRelay()
})
afterAll(() => relay.stop())

async function entries(): Promise<number> {
  return (await relay.local.status.get()).audit.entries
}

/** How many entries an act writes. */
async function written(act: () => Promise<unknown>): Promise<number> {
  const before = await entries()
  await act()
  return (await entries()) - before
}

describe('the audit log has one entry', () => {
  const email = 'ann@relay.example'
  const anybody = () => clientOver(relay.url, {})

  test('for each login, failed login and logout', async () => {
    expect(await written(() => relay.local.users.add({ email, role: 'admin', password }))).toBe(1)
    expect(
      await written(() =>
        anybody()
          .session.login({ email, password: 'wrong' })
          .catch(() => undefined),
      ),
    ).toBe(1)
    const { token } = await anybody().session.login({ email, password })
    expect(await written(() => relay.bearer(token).session.logout())).toBe(1)
  })

  test('for each change of accounts, credentials, routes and queue', async () => {
    const { accounts, routes, queue } = relay.local
    expect(await written(() => accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: [] }))).toBe(1)
    expect(await written(() => accounts.setDomains({ name: 'acme', domains: ['acme.example'] }))).toBe(1)
    const added = await accounts.addCredential({ account: 'acme', kind: 'address', range: '192.0.2.0/24' })
    expect(await written(() => accounts.setCredentialStatus({ id: added.id, status: 'held' }))).toBe(1)
    expect(await written(() => accounts.removeCredential({ id: added.id }))).toBe(1)
    expect(await written(() => routes.set({ domain: '*', route: { kind: 'capture' } }))).toBe(1)
    expect(await written(() => routes.remove({ domain: '*' }))).toBe(1)
    expect(await written(() => queue.act({ action: 'cancel', filter: {}, reason: 'test' }))).toBe(1)
  })

  test('for nothing that was refused or only read', async () => {
    const refused = [
      () => relay.local.accounts.add({ name: 'acme', contact: 'ops@acme.example', domains: [] }),
      () => relay.local.routes.remove({ domain: 'gone.example' }),
      () => relay.local.queue.act({ action: 'cancel', filter: {} }),
      () => relay.local.accounts.list(),
    ]
    for (const act of refused) expect(await written(() => act().catch(() => undefined))).toBe(0)
  })

  test('for a flood of guesses at many people, no more than a bounded number', async () => {
    const guess = (i: number) =>
      anybody()
        .session.login({ email: `guess${i}@relay.example`, password: 'wrong' })
        .catch(() => undefined)
    // addresses of the guesser are throttled at 20: of what is refused at once, only that it is
    expect(await written(() => Promise.all(Array.from({ length: 40 }, (_, i) => guess(i))))).toBeLessThanOrEqual(21)
  })
})

describe('the audit log tells of the relay itself', () => {
  async function newest(action: string) {
    return (await relay.local.audit.list({ action, limit: 1 })).rows[0]
  }

  test('that it starts, and stops', async () => {
    const before = await newest('relay.start')
    await relay.restart()
    const started = await newest('relay.start')
    expect(started?.sequence).toBeGreaterThan((await newest('relay.stop'))?.sequence ?? Number.POSITIVE_INFINITY)
    expect(started).toMatchObject({ actor: 'system', facts: before?.facts })
    expect(Object.keys(started?.facts ?? {})).toEqual(['version', 'folder', 'publicKey'])
  })

  test('that its certificate was read again', async () => {
    await relay.relay.reloadCertificate()
    const { certificate } = await relay.local.status.get()
    expect((await newest('certificate.reload'))?.facts).toEqual({ fingerprint: certificate.fingerprint })
  })

  test('that somebody was locked out, once', async () => {
    const lockOuts = async () => (await relay.local.audit.list({ action: 'session.locked-out' })).rows
    const before = (await lockOuts()).length
    const guess = () => clientOver(relay.url, {}).session.login({ email: 'eve@relay.example', password: 'wrong' })
    for (let i = 0; i < 12; i++) await guess().catch(() => undefined)
    const rows = await lockOuts()
    expect(rows.length - before).toBe(1)
    expect(rows[0]).toMatchObject({ actor: 'nobody', details: { address: '127.0.0.1' } })
  })

  test('and all of it verifies', async () => {
    expect(await relay.local.audit.verify({})).toMatchObject({ ok: true, findings: [] })
    expect(await relay.local.audit.replayDraws()).toMatchObject({ ok: true })
  })
})

describe('an erasure', () => {
  test('needs a reason and something to erase, is told of, and the log verifies', async () => {
    const { audit } = relay.local
    const { rows } = await audit.list({ action: 'accounts.add' })
    const sequences = [rows[0]!.sequence]
    await expect(audit.erase({ sequences, reason: '  ' })).rejects.toMatchObject({ code: 'REFUSED' })
    expect(await audit.erase({ sequences, reason: 'asked for by letter' })).toEqual({ erased: 1 })
    await expect(audit.erase({ sequences, reason: 'again' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const [erasure] = (await audit.list({ action: 'audit.erase' })).rows
    expect(erasure).toMatchObject({ reason: 'asked for by letter', facts: { sequences } })
    expect(await audit.verify({})).toMatchObject({ ok: true, erased: 1 })
  })
})
