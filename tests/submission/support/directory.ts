/** A directory in memory: the same shape as the store's, filled by the test. */

import type { Account, Credential } from '../../../src/model/account.ts'
import type { RouteRule } from '../../../src/model/route.ts'
import type { Directory } from '../../../src/store/store.ts'

export interface Contents {
  accounts?: Partial<Account>[]
  credentials?: Partial<Credential>[]
  routes?: RouteRule[]
}

function accountOf(part: Partial<Account>, index: number): Account {
  const filled = { contact: 'ops@acme.example', status: 'active' as const, domains: ['acme.example'], createdAt: 0 }
  const decisions = {
    statusReason: '',
    keepDays: undefined,
    trusted: false,
    hourlyLimit: undefined,
    outgoing: 'flow' as const,
  }
  return { id: index + 1, name: index === 0 ? 'acme' : `account-${index + 1}`, ...filled, ...decisions, ...part }
}

function credentialOf(part: Partial<Credential>, index: number): Credential {
  const filled = { account: 1, kind: 'address' as const, name: '127.0.0.0/8', secret: undefined }
  return { id: index + 1, ...filled, status: 'allowed', hourlyLimit: undefined, createdAt: 0, ...part }
}

/** By default: one account `acme` with the domain acme.example, whose credential is the loopback range. */
export function directoryOf(contents: Contents = {}): Directory & { change(contents: Contents): void } {
  let accounts: Account[] = []
  let credentials: Credential[] = []
  let routes: RouteRule[] = []
  const change = (next: Contents) => {
    accounts = (next.accounts ?? contents.accounts ?? [{}]).map(accountOf)
    credentials = (next.credentials ?? contents.credentials ?? [{}]).map(credentialOf)
    routes = next.routes ?? contents.routes ?? []
  }
  const unused = () => {
    throw new Error('intake does not change the directory')
  }
  change(contents)
  return {
    change,
    accounts: () => accounts,
    accountById: (id) => accounts.find((account) => account.id === id),
    accountByName: (name) => accounts.find((account) => account.name === name),
    credentials: () => credentials,
    credentialById: (id) => credentials.find((credential) => credential.id === id),
    credentialByUsername: (name) =>
      credentials.find(
        (credential) => credential.kind === 'password' && credential.name.toLowerCase() === name.toLowerCase(),
      ),
    routes: () => routes,
    policy: () => ({ keepDays: 70 }),
    addAccount: unused,
    setAccountDomains: unused,
    setAccountContact: unused,
    addCredential: unused,
    setCredentialStatus: unused,
    removeCredential: unused,
    setRoute: unused,
    removeRoute: unused,
  }
}
