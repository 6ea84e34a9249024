/** Calls about accounts and their credentials. */

import { hashPassword } from '../../base/passwordHash.ts'
import { type Account, type Credential, isAccountName } from '../../model/account.ts'
import { figuresView, setStatus } from './accountStatus.ts'
import type { Guarded } from './base.ts'
import { checkDomain, checkEmail, checkRange } from './check.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { setKeepDays } from './holds.ts'
import { accountNamed, accountView, credentialView } from './views.ts'

/** Characters a credential's password has at least. */
const SHORTEST_SECRET = 8

function domainsOf(texts: string[]): string[] {
  const domains = texts.map((text) => {
    const checked = checkDomain(text)
    if (!checked.ok) throw refused(checked.problem)
    return checked.value
  })
  return [...new Set(domains)]
}

function refuseBadUsername(username: string): void {
  // RFC 4616 §2: no NUL in a user name; spaces and controls only cause trouble in clients
  if (username !== '' && !/[\s\p{Cc}]/u.test(username)) return
  throw refused('a user name has no spaces', 'give one such as acme or mailer@acme.example')
}

type NewCredential = Omit<Credential, 'id' | 'createdAt'>
type CredentialInput =
  | { account: string; kind: 'password'; username?: string | undefined; password: string }
  | { account: string; kind: 'address'; range: string }

async function newCredential(account: Account, input: CredentialInput): Promise<NewCredential> {
  const common = { account: account.id, status: 'allowed', hourlyLimit: undefined } as const
  if (input.kind === 'address') {
    const range = checkRange(input.range)
    if (!range.ok) throw refused(range.problem)
    return { ...common, kind: 'address', name: range.value, secret: undefined }
  }
  const name = input.username ?? account.name
  refuseBadUsername(name)
  if (input.password.length < SHORTEST_SECRET)
    throw refused(`the password has fewer than ${SHORTEST_SECRET} characters`, 'give a longer one')
  return { ...common, kind: 'password', name, secret: await hashPassword(input.password) }
}

export function accountCalls(os: Guarded, parts: Parts) {
  const { directory } = parts.store

  const byName = (name: string): Account => accountNamed(directory, name)

  function credential(id: number): Credential {
    const found = directory.credentialById(id)
    if (!found) throw notFound(`credential ${id}`, 'look at the credentials of the account')
    return found
  }

  /** Kept for the audit log: whose credential it was must be known when it is gone. */
  function object(found: Pick<Credential, 'account'> & { id: number | string }): string {
    return `account ${directory.accountById(found.account)?.name ?? found.account} credential ${found.id}`
  }

  return {
    list: os.accounts.list.handler(() => directory.accounts().map((account) => accountView(account, directory))),

    get: os.accounts.get.handler(({ input }) => accountView(byName(input.name), directory)),

    figures: os.accounts.figures.handler(() => figuresView(parts)),

    setStatus: os.accounts.setStatus.handler(({ input, context }) => setStatus(parts, context.actor, input)),

    setKeepDays: os.accounts.setKeepDays.handler(({ input, context }) => setKeepDays(parts, context.actor, input)),

    add: os.accounts.add.handler(async ({ input, context }) => {
      if (!isAccountName(input.name))
        throw refused(`${input.name} cannot be an account's name`, 'use 1 to 64 of a-z, 0-9 and inner hyphens')
      if (input.name === 'mailward') throw refused('mailward is the relay itself', 'choose another name')
      const contact = checkEmail(input.contact)
      if (!contact.ok) throw refused(contact.problem)
      const domains = domainsOf(input.domains)
      const entry = entryOf(parts, context.actor, {
        action: 'accounts.add',
        object: `account ${input.name}`,
        details: { contact: contact.value, domains },
      })
      const account = await directory.addAccount({ name: input.name, contact: contact.value, domains }, entry)
      if (!account) throw conflict(`account ${input.name} exists`, 'choose another name')
      return accountView(account, directory)
    }),

    setDomains: os.accounts.setDomains.handler(async ({ input, context }) => {
      const account = byName(input.name)
      const domains = domainsOf(input.domains)
      const entry = entryOf(parts, context.actor, {
        action: 'accounts.setDomains',
        object: `account ${account.name}`,
        details: { before: account.domains, domains },
      })
      await directory.setAccountDomains(account.id, domains, entry)
      return accountView({ ...account, domains }, directory)
    }),

    addCredential: os.accounts.addCredential.handler(async ({ input, context }) => {
      const account = byName(input.account)
      const fresh = await newCredential(account, input)
      const entry = entryOf(parts, context.actor, {
        action: 'accounts.addCredential',
        object: object({ ...fresh, id: '{id}' }),
        details: { kind: fresh.kind, name: fresh.name },
      })
      const added = await directory.addCredential(fresh, entry)
      if (!added) throw conflict('a credential of this name exists', 'choose another user name or range')
      return credentialView(added)
    }),

    setCredentialStatus: os.accounts.setCredentialStatus.handler(async ({ input, context }) => {
      const found = credential(input.id)
      const entry = entryOf(parts, context.actor, {
        action: 'accounts.setCredentialStatus',
        object: object(found),
        details: { before: found.status, status: input.status },
      })
      await directory.setCredentialStatus(found.id, input.status, entry)
      return credentialView({ ...found, status: input.status })
    }),

    removeCredential: os.accounts.removeCredential.handler(async ({ input, context }) => {
      const found = credential(input.id)
      const entry = entryOf(parts, context.actor, {
        action: 'accounts.removeCredential',
        object: object(found),
        details: { kind: found.kind, name: found.name },
      })
      await directory.removeCredential(found.id, entry)
      return { removed: true as const }
    }),
  }
}
