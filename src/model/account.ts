/** Accounts (customers of the relay) and their credentials. */

export type AccountStatus = 'active' | 'suspended' | 'closed'

export interface Account {
  id: number
  /** unique, lower case, `[a-z0-9][a-z0-9-]*` */
  name: string
  contact: string
  status: AccountStatus
  /** why it is suspended or closed; empty while it is active */
  statusReason: string
  /** days its header records and samples are kept, when fewer than the policy's */
  keepDays: number | undefined
  /** whether no samples are stored of its mail */
  trusted: boolean
  /** messages an hour, over all its credentials; undefined for no limit */
  hourlyLimit: number | undefined
  /** `held`: its mail is accepted and put aside until a person decides */
  outgoing: 'flow' | 'held'
  /** sender domains in lower-case A-label form */
  domains: string[]
  createdAt: number
}

export type CredentialStatus = 'allowed' | 'held' | 'blocked'

export interface Credential {
  id: number
  account: number
  kind: 'password' | 'address'
  /** user name for SMTP AUTH, or the address range in CIDR form */
  name: string
  /** scrypt hash of the password (`password` credentials only), never the password */
  secret: string | undefined
  status: CredentialStatus
  /** messages an hour, or undefined for no limit of its own */
  hourlyLimit: number | undefined
  createdAt: number
}

const ACCOUNT_NAME = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/

/** Whether a text can be an account's name: 1-64 of a-z, 0-9 and inner hyphens. */
export function isAccountName(name: string): boolean {
  return ACCOUNT_NAME.test(name)
}
