/** Run as a process of its own, to be killed: accepts messages and changes its mind about trust, again and again. */

import { DAY_MS } from '../../src/model/retention.ts'
import { criteriaOf } from '../../src/model/trust.ts'
import { StoreFixture } from '../support/storeFixture.ts'

const fixture = await StoreFixture.open()
console.log(fixture.folder)
const { queue, trust } = fixture.store
const criteria = criteriaOf(
  {
    createdAt: fixture.time,
    deliveries: 0,
    bounces: 0,
    complaints: 0,
    volume: [0],
    samples: 0,
    cases: { breach: 0, noBreach: 0, unclear: 0, undecided: 0 },
  },
  fixture.time,
)

for (;;) {
  const messages = Array.from({ length: 1000 }, () => fixture.message({ credential: 1, body: 'x'.repeat(2000) }))
  await Promise.all(messages.map((message) => queue.accept(message)))
  for (const decision of ['on', 'off'] as const) {
    const made = await trust.decide({
      account: 1,
      decision,
      requestedBy: 'acme',
      reason: 'again',
      criteria,
      decidedBy: 'ann@relay.example',
      decidedAt: fixture.time,
      reviewAt: decision === 'on' ? fixture.time + DAY_MS : undefined,
      samples: 'destroy',
      tell: false,
    })
    console.log(made!.id)
  }
}
