/** New passwords of people: the rules, and the hash. */

import { hashPassword } from '../../base/passwordHash.ts'
import { LEAST_PASSWORD, type PasswordProblem, passwordProblem } from '../../model/user.ts'
import { refused } from './errors.ts'

const words: Record<PasswordProblem, string> = {
  short: `a password has at least ${LEAST_PASSWORD} characters`,
  address: 'the e-mail address is no password',
  repeated: 'one character again and again is no password',
}

/** The hash of a new password. Throws REFUSED for one that is not taken. */
export function hashNewPassword(password: string, email: string): Promise<string> {
  const problem = passwordProblem(password, email)
  if (problem) throw refused(words[problem], 'choose another password')
  return hashPassword(password)
}
