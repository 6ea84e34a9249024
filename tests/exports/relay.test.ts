/** A package on its way through a whole relay: from the request to the file, over HTTP and on the command line. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RequestDetail } from '../../src/contract/requests.ts'
import { RequestFixture } from '../requests/support.ts'
import { unzip } from './unzip.ts'

const tom = 'tom@kestrel.example'

let fixture: RequestFixture
beforeEach(async () => {
  fixture = await RequestFixture.start()
  await fixture.send('acme', tom, 'Your parcel')
  await fixture.send('acme', 'ann@heron.example', 'Not for Tom')
})
afterEach(() => fixture.stop())

/** A request for access that was carried out. */
async function carriedOut(): Promise<RequestDetail> {
  const { local } = fixture
  const { id } = await local.requests.open({ kind: 'access', track: 'third party', subject: tom })
  await local.requests.confirmEvidence({ id, evidence: 'known by voice' })
  await fixture.search(id, 1)
  await local.requests.decide({ id })
  await local.requests.execute({ id })
  return fixture.detail(id, ({ state, dataExports }) => state === 'executed' && dataExports.length > 0)
}

test('a person who asks for access gets what is held, and nobody else', async () => {
  const { dataExports } = await carriedOut()
  expect(dataExports).toMatchObject([{ records: expect.any(Number), available: true, needsReview: false }])
  const { path, passphrase } = await fixture.local.requests.handOver({ id: dataExports[0]!.id })
  const response = await fetch(fixture.relay.url + path)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'application/zip',
    'x-content-type-options': 'nosniff',
  })
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="request-\d+\.zip"$/)
  const files = unzip(Buffer.from(await response.arrayBuffer()), passphrase)
  expect(files.get('records.csv')).toContain('Your parcel')
  expect(files.get('report.html')).toContain('next hop for mail to every other domain')
  for (const text of files.values()) expect(text).not.toMatch(/heron|Not for Tom/)
})

describe('the address of a package', () => {
  test('answers only GET, and only a link that is known', async () => {
    const { id, dataExports } = await carriedOut()
    const { path } = await fixture.local.requests.handOver({ id: dataExports[0]!.id })
    const at = (way: string, method: string) => fetch(fixture.relay.url + way, { method }).then(({ status }) => status)
    expect(await at(path, 'HEAD')).toBe(405)
    expect(await at(path, 'POST')).toBe(405)
    expect(await at(`/package/${'A'.repeat(22)}`, 'GET')).toBe(404)
    expect(await at('/package/../api/status', 'GET')).not.toBe(200)
    expect(await at('/package/', 'GET')).toBe(404)
    // none of these counted
    expect((await fixture.local.requests.get({ id })).dataExports).toMatchObject([{ downloads: 0 }])
  })

  test('is for who has the link: nothing of it is in the log or the audit', async () => {
    const { dataExports } = await carriedOut()
    const { path, passphrase } = await fixture.local.requests.handOver({ id: dataExports[0]!.id })
    await (await fetch(fixture.relay.url + path)).arrayBuffer()
    const { rows } = await fixture.local.audit.list({ limit: 100 })
    const text = JSON.stringify(rows)
    expect(text).toContain('requests.downloadPackage')
    for (const secret of [path.slice(9), passphrase, tom]) expect(text).not.toContain(secret)
  })
})

test('after a restart the package is there, and after its end it is not', async () => {
  const { id, dataExports } = await carriedOut()
  const { path } = await fixture.local.requests.handOver({ id: dataExports[0]!.id })
  await fixture.relay.restart()
  expect((await fetch(fixture.relay.url + path)).status).toBe(200)
  await fixture.local.requests.destroyExport({ id: dataExports[0]!.id })
  expect((await fetch(fixture.relay.url + path)).status).toBe(404)
  expect((await fixture.local.requests.get({ id })).dataExports).toMatchObject([{ available: false }])
})
