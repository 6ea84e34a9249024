/** People who use the console, and what they may do. */

export const roles = ['admin', 'operator', 'reviewer', 'auditor', 'member'] as const
export type Role = (typeof roles)[number]

export interface User {
  id: number
  email: string
  name: string
  role: Role
  /** id of the account a member acts for; people of other roles have none */
  account?: number | undefined
  createdAt: number
}

/** Where a session was opened: a browser, the desktop, or a script that logged in over HTTP. */
export const sessionKinds = ['browser', 'desktop', 'token'] as const
export type SessionKind = (typeof sessionKinds)[number]

/** What an API token may do: calls that change nothing, or what its person may. */
export const tokenScopes = ['read', 'full'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** Whether people choose a second factor, or cannot do anything before they have one. */
export const secondFactorPolicies = ['optional', 'required'] as const
export type SecondFactorPolicy = (typeof secondFactorPolicies)[number]

/** Characters a password has at least. */
export const LEAST_PASSWORD = 12

export type PasswordProblem = 'short' | 'address' | 'repeated'

/** Why a password is not taken; undefined when it is. Length is what counts (NIST SP 800-63B §5.1.1). */
export function passwordProblem(password: string, email: string): PasswordProblem | undefined {
  if (password.length < LEAST_PASSWORD) return 'short'
  if (password.trim().toLowerCase() === email.trim().toLowerCase()) return 'address'
  return new Set(password).size === 1 ? 'repeated' : undefined
}
