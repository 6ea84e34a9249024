import { afterAll, beforeAll, expect, test } from 'vitest'
import { contract } from '../../src/contract/index.ts'
import { startTestRelay, type TestRelay } from './support.ts'

let relay: TestRelay
let headers: Record<string, string>

beforeAll(async () => {
  relay = await startTestRelay()
  headers = { authorization: `Bearer ${(await relay.person('admin')).token}` }
})
afterAll(() => relay.stop())

interface Document {
  openapi: string
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>
}

/** Every `$ref` of the document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : []
  return [...own, ...Object.values(value).flatMap(references)]
}

function resolve(document: unknown, reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/')
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document)
}

test('the document names every call of the contract that is no stream, and all its references lead somewhere', async () => {
  const response = await fetch(`${relay.url}/api/openapi.json`)
  const document = (await response.json()) as Document
  expect(document.openapi).toMatch(/^3\.1/)
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  const calls = Object.entries(contract).flatMap(([feature, procedures]) =>
    Object.keys(procedures).map((name) => `${feature}.${name}`),
  )
  const streams = ['messages.tail', 'status.watch']
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
    calls.filter((call) => !streams.includes(call)).toSorted(),
  )
  for (const { responses } of operations) expect(Object.keys(responses)).toContain('401')
  for (const reference of references(document)) expect(resolve(document, reference), reference).toBeDefined()
})

test('calls are made by path, query and body, as the document says', async () => {
  const body = JSON.stringify({ name: 'acme', contact: 'ops@acme.example', domains: ['Acme.Example'] })
  const json = { ...headers, 'content-type': 'application/json' }
  const added = await fetch(`${relay.url}/api/accounts`, { method: 'POST', headers: json, body })
  expect([added.status, await added.json()]).toMatchObject([201, { name: 'acme', domains: ['acme.example'] }])
  const found = await fetch(`${relay.url}/api/accounts/acme`, { headers })
  expect(await found.json()).toMatchObject({ contact: 'ops@acme.example' })
  const query = 'filter[status]=delivered&filter[largerThan]=1000&filter[inDoubt]=true&limit=7'
  const listed = await fetch(`${relay.url}/api/messages?${query}`, { headers })
  expect([listed.status, await listed.json()]).toEqual([200, { items: [], next: null, partial: false, unreadable: [] }])
  const gone = await fetch(`${relay.url}/api/accounts/nobody`, { headers })
  expect([gone.status, await gone.json()]).toMatchObject([
    404,
    { code: 'NOT_FOUND', message: 'there is no account nobody' },
  ])
})
