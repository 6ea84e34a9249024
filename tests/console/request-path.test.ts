/** The path of a request as the console draws it: how far each stage is, and what comes next. */

import { expect, test } from 'vitest'
import { nextStep, pathOf } from '../../src/console/features/requests/path.ts'
import type { RequestDetail, RequestSearch } from '../../src/contract/requests.ts'

const at = '2026-11-24T04:00:00.000Z'
const work = { state: 'done', done: 9, total: 9, startedAt: at, endedAt: at, problem: '' } as const
const found: RequestSearch = { ...work, places: [], accounts: [{ account: 'acme', records: 3 }] }
const letter = { id: 1, to: 'a@b.example', subject: '', text: '', at, message: null, delivery: 'delivered' }
const execution = { ...work, destroyed: { headers: 1, redacted: 0, samples: 0, rows: 0 }, waiting: [] }
const steps = ['confirm identity', 'search', 'forward', 'package', 'decide', 'execute', 'answer'] as const

/** A request; every step can be taken unless said otherwise. */
function request(
  part: Partial<RequestDetail>,
  closed: readonly string[] = ['decide', 'execute', 'answer'],
): RequestDetail {
  return {
    id: 1,
    kind: 'deletion',
    track: 'third party',
    subject: 'anna@kestrel.example',
    account: null,
    source: 'mail',
    receivedAt: at,
    dueAt: at,
    extended: false,
    state: 'received',
    outcome: null,
    owner: null,
    parent: null,
    closedAt: null,
    wroteAgain: false,
    text: '',
    correction: '',
    identity: { confirmed: false, how: '', by: '', at: null, codeSentAt: null },
    search: null,
    execution: null,
    receipts: [],
    letters: [],
    dataExports: [],
    events: [],
    orders: [],
    steps: steps.map((step) => ({ step, obstacle: closed.includes(step) ? 'not yet' : '' })),
    suppress: false,
    ...part,
  }
}

const marks = (given: RequestDetail) => pathOf(given).map(({ stage, mark }) => `${stage} ${mark}`)
const confirmed = { confirmed: true, how: 'seen', by: 'rita', at, codeSentAt: null }

test('a third party is searched for and pointed to the accounts, before anybody asks who it is', () => {
  const fresh = request({})
  expect(marks(fresh).slice(0, 4)).toEqual(['received done', 'search now', 'forward later', 'identity later'])
  expect(nextStep(fresh)).toBe('search')
  expect(nextStep(request({ search: found }))).toBe('forward')
})

test('where no account has written, the desk carries it out itself', () => {
  const alone = request({ search: { ...found, accounts: [{ account: 'mailward', records: 1 }] } })
  expect(nextStep(alone)).toBe('confirm identity')
  expect(marks(alone).slice(2, 4)).toEqual(['forward skipped', 'identity now'])
})

test('a forwarded request waits for the account, and for nobody here', () => {
  const letters = [{ ...letter, kind: 'forwarding' }]
  const forwarded = request({ search: found, state: 'answered', outcome: 'forwarded', letters })
  expect(marks(forwarded)).toEqual([
    'received done',
    'search done',
    'forward done',
    'identity skipped',
    'preview skipped',
    'decision skipped',
    'execution skipped',
    'answer later',
  ])
  expect(nextStep(forwarded)).toBeUndefined()
})

test('an account’s order goes from identity to answer', () => {
  const order = { track: 'account', account: 'acme', identity: confirmed, search: found } as const
  expect(nextStep(request({ track: 'account' }))).toBe('confirm identity')
  expect(marks(request({ ...order, state: 'identified' })).at(3)).toBe('preview now')
  expect(nextStep(request({ ...order, state: 'identified' }, []))).toBe('decide')
  expect(nextStep(request({ ...order, state: 'decided' }, ['decide', 'answer']))).toBe('execute')
  expect(nextStep(request({ ...order, state: 'executing', execution }, []))).toBeUndefined()
  const executed = request({ ...order, state: 'executed', execution }, ['decide', 'execute'])
  expect(nextStep(executed)).toBe('answer')
  expect(marks(executed).slice(-2)).toEqual(['execution done', 'answer now'])
})

test('a refused request leaves out what was never done', () => {
  const letters = [{ ...letter, kind: 'refusal' }]
  expect(marks(request({ track: 'account', state: 'answered', outcome: 'refused', letters }))).toEqual([
    'received done',
    'identity skipped',
    'search skipped',
    'preview skipped',
    'decision done',
    'execution skipped',
    'answer running',
  ])
})

test('a correction that was decided without a search does not wait for one', () => {
  const given = { kind: 'correction', track: 'holder', account: 'acme', identity: confirmed } as const
  expect(marks(request({ ...given, state: 'identified' }))[2]).toBe('search now')
  expect(marks(request({ ...given, state: 'decided' }))).toEqual([
    'received done',
    'identity done',
    'search skipped',
    'preview done',
    'decision done',
    'execution now',
    'answer later',
  ])
})
