/** The demo's customers, who came long before the mail that is shown of them. */

import { hashPassword } from '../base/passwordHash.ts'
import { DAY_MS } from '../model/retention.ts'
import type { Store } from '../store/store.ts'
import { accounts } from './letter.ts'
import type { Secrets } from './secrets.ts'

/** The clock of a store whose customers came long before its mail. */
export class PastClock {
  private moment: number | undefined

  now = (): number => this.moment ?? Date.now()

  /** Lets it be `at` (milliseconds, Unix time) while something is done. */
  async during(at: number, act: () => Promise<void>): Promise<void> {
    this.moment = at
    try {
      await act()
    } finally {
      this.moment = undefined
    }
  }
}

/** Adds those that are not there yet. */
export async function prepareCustomers(store: Store, secrets: Secrets, past: PastClock): Promise<void> {
  for (const customer of accounts) {
    if (store.directory.credentialByUsername(customer.name)) continue
    const at = Date.now() - customer.addedDaysAgo * DAY_MS
    await past.during(at, () => addCustomer(store, secrets, customer))
  }
}

async function addCustomer({ directory }: Store, secrets: Secrets, customer: (typeof accounts)[number]): Promise<void> {
  const { name, contact, domain } = customer
  const account = await directory.addAccount({ name, contact, domains: [domain] })
  await directory.addCredential({
    account: (account ?? directory.accountByName(name))!.id,
    kind: 'password',
    name,
    secret: await hashPassword(secrets.customers),
    status: 'allowed',
    hourlyLimit: undefined,
  })
}
