/** The directory in memory: read at start, changed after each durable write. */

import type { Account, Credential } from '../../../model/account.ts'
import type { RetentionRules } from '../../../model/retention.ts'
import type { RouteRule } from '../../../model/route.ts'
import type { Directory } from '../../store.ts'
import type { Writer } from '../threads/threads.ts'
import type { DirectoryContents } from './reader.ts'

export interface KeptDirectory extends Directory {
  /** To be called when something else durably changed an account. */
  replaceAccount(id: number, change: Partial<Account>): void
  /** To be called when the policy of retention was durably changed. */
  changePolicy(policy: RetentionRules): void
}

/** Builds the directory over its contents. */
export function createDirectory(contents: DirectoryContents, writer: Writer, now: () => number): KeptDirectory {
  let { accounts, credentials, routes, keepDays } = contents
  let byId = new Map(accounts.map((account) => [account.id, account]))
  let byName = new Map(accounts.map((account) => [account.name, account]))
  let byCredential = new Map(credentials.map((credential) => [credential.id, credential]))
  let byUser = usernames(credentials)

  function setAccounts(changed: Account[]): void {
    accounts = changed.sort((a, b) => a.name.localeCompare(b.name))
    byId = new Map(accounts.map((account) => [account.id, account]))
    byName = new Map(accounts.map((account) => [account.name, account]))
  }
  function setCredentials(changed: Credential[]): void {
    credentials = changed
    byCredential = new Map(changed.map((credential) => [credential.id, credential]))
    byUser = usernames(changed)
  }
  function replaceAccount(id: number, change: Partial<Account>): void {
    setAccounts(accounts.map((account) => (account.id === id ? { ...account, ...change } : account)))
  }

  return {
    accounts: () => accounts,
    accountById: (id) => byId.get(id),
    accountByName: (name) => byName.get(name.toLowerCase()),
    credentials: () => credentials,
    credentialById: (id) => byCredential.get(id),
    credentialByUsername: (name) => byUser.get(name.toLowerCase()),
    routes: () => routes,
    replaceAccount,
    policy: () => ({ keepDays }),
    changePolicy: ({ days }) => {
      keepDays = days
    },
    async addAccount(account, entry) {
      const whole = { ...account, createdAt: now() }
      const added = await writer.directory.addAccount(whole, entry)
      if (added) setAccounts([...accounts, added])
      return added
    },
    async setAccountDomains(id, domains, entry) {
      await writer.directory.setAccountDomains(id, domains, entry)
      replaceAccount(id, { domains })
    },
    async setAccountContact(id, contact, entry) {
      await writer.directory.setAccountContact(id, contact, entry)
      replaceAccount(id, { contact })
    },
    async addCredential(credential, entry) {
      const whole = { ...credential, createdAt: now() }
      const added = await writer.directory.addCredential(whole, entry)
      if (added) setCredentials([...credentials, added])
      return added
    },
    async setCredentialStatus(id, status, entry) {
      await writer.directory.setCredentialStatus(id, status, entry)
      setCredentials(credentials.map((credential) => (credential.id === id ? { ...credential, status } : credential)))
    },
    async removeCredential(id, entry) {
      await writer.directory.removeCredential(id, entry)
      setCredentials(credentials.filter((credential) => credential.id !== id))
    },
    async setRoute(rule: RouteRule, entry) {
      await writer.directory.setRoute(rule, entry)
      routes = [...routes.filter(({ domain }) => domain !== rule.domain), rule].sort((a, b) =>
        a.domain.localeCompare(b.domain),
      )
    },
    async removeRoute(domain, entry) {
      const removed = await writer.directory.removeRoute(domain, entry)
      routes = routes.filter((rule) => rule.domain !== domain)
      return removed
    },
  }
}

function usernames(credentials: readonly Credential[]): Map<string, Credential> {
  const passwords = credentials.filter((credential) => credential.kind === 'password')
  return new Map(passwords.map((credential) => [credential.name.toLowerCase(), credential]))
}
