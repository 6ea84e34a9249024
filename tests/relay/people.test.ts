/** How people come in: first link, login, throttle, sessions. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOver, password, startTestRelay, type TestRelay } from './support.ts'

describe('the first person', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startTestRelay()
  })
  afterAll(() => relay.stop())

  const claim = (token: string, email = 'ann@relay.example') =>
    clientOver(relay.url, {}).session.claim({ token, email, name: 'Ann', password })

  test('is asked for on a fresh relay', async () => {
    expect(await clientOver(relay.url, {}).session.state()).toEqual({
      firstRun: true,
      demo: false,
      person: null,
      mustSetUp: false,
    })
    expect(relay.relay.firstToken).toMatch(/^[\w-]{43}$/)
  })

  test('must be an admin, whoever adds it', async () => {
    const added = relay.local.users.add({ email: 'olive@relay.example', role: 'operator', password })
    await expect(added).rejects.toMatchObject({ code: 'REFUSED' })
  })

  test('comes with the one-time token of the last start only', async () => {
    const old = relay.relay.firstToken!
    await expect(claim('wrong')).rejects.toMatchObject({ code: 'REFUSED', defined: true })
    await relay.restart()
    expect(relay.relay.firstToken).not.toBe(old)
    await expect(claim(old)).rejects.toMatchObject({ code: 'REFUSED' })
  })

  test('comes once, also when the link is used twice at the same time', async () => {
    const token = relay.relay.firstToken!
    const outcomes = await Promise.allSettled([claim(token), claim(token, 'bob@relay.example')])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await relay.local.users.list()).toMatchObject([{ role: 'admin' }])
    await expect(claim(token, 'eve@relay.example')).rejects.toMatchObject({ code: 'CONFLICT' })
    await relay.restart()
    expect(relay.relay.firstToken).toBeUndefined()
  })

  test('stays as long as it is the last admin', async () => {
    const [ann] = await relay.local.users.list()
    await expect(relay.local.users.remove({ id: ann!.id })).rejects.toMatchObject({ code: 'REFUSED' })
    await expect(relay.local.users.remove({ id: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('logging in', () => {
  let relay: TestRelay
  beforeAll(async () => {
    relay = await startTestRelay()
  })
  afterAll(() => relay.stop())

  const login = (email: string, given: string) => clientOver(relay.url, {}).session.login({ email, password: given })

  test('an unknown address and a wrong password are told the same', async () => {
    const { email } = await relay.person('admin')
    const known = await login(email, 'wrong password').catch((error: unknown) => error)
    const unknown = await login('nobody@relay.example', 'wrong password').catch((error: unknown) => error)
    expect(JSON.stringify(known)).toBe(JSON.stringify(unknown))
    expect(known).toMatchObject({ code: 'UNAUTHORIZED', defined: true })
  })

  test('works however the address is capitalised; the session ends with the person', async () => {
    const { email } = await relay.person('operator')
    const { token, person } = await login(email.toUpperCase(), password)
    expect((await relay.bearer(token).session.state()).person).toEqual(person)
    await relay.local.users.remove({ id: person.id })
    expect((await relay.bearer(token).session.state()).person).toBeNull()
  })

  test('a short password is refused for a new person', async () => {
    const added = relay.local.users.add({ email: 'kim@relay.example', role: 'operator', password: 'eleven char' })
    await expect(added).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('guessing is slowed for the address guessed at, many at once gain nothing, a restart neither', async () => {
    const { email } = await relay.person('operator')
    const guesses = await Promise.allSettled(Array.from({ length: 12 }, () => login(email, 'wrong password')))
    const codes = guesses.map((guess) => (guess.status === 'rejected' ? (guess.reason as { code: string }).code : 'in'))
    expect(codes.filter((code) => code === 'UNAUTHORIZED')).toHaveLength(5)
    expect(codes.filter((code) => code === 'TOO_MANY_REQUESTS')).toHaveLength(7)
    await relay.restart()
    await expect(login(email, password)).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      data: { change: expect.stringMatching(/^wait \d+ seconds/) },
    })
    // others are not locked out by it
    await relay.person('operator')
  })
})
