/** The errors handlers answer with. `change` names what to change; it is what a person is shown. */

import { ORPCError } from '@orpc/server'

type Code = 'UNAUTHORIZED' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT' | 'REFUSED' | 'TOO_MANY_REQUESTS'

/** As in the contract; an error with another status would reach the caller as an undefined one. */
const statuses: Record<Code, number> = {
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  REFUSED: 422,
  TOO_MANY_REQUESTS: 429,
}

type Needs = 'code' | 'second factor'

export type CallError = ORPCError<Code, { change?: string; needs?: Needs }>

function error(code: Code, message: string, change?: string, needs?: Needs): CallError {
  const data = { ...(change === undefined ? {} : { change }), ...(needs === undefined ? {} : { needs }) }
  return new ORPCError(code, { status: statuses[code], message, data })
}

/** Nobody is logged in, or the session has ended. */
export function unauthorized(): CallError {
  return error('UNAUTHORIZED', 'nobody is logged in here', 'log in')
}

/** Wrong e-mail address or password: which of the two is not said. */
export function wrongLogin(): CallError {
  return error('UNAUTHORIZED', 'e-mail address or password is wrong', 'check both and try again')
}

/** The password was right; the person has a second factor. */
export function codeNeeded(): CallError {
  return error('REFUSED', 'this person has a second factor', 'give the code of the authenticator app', 'code')
}

export function wrongCode(): CallError {
  const change = 'wait for the next code, or use a recovery code'
  return error('UNAUTHORIZED', 'the code is wrong, too old, or was used before', change, 'code')
}

/** Policy asks for a second factor that the person does not have yet. */
export function secondFactorNeeded(): CallError {
  return error('FORBIDDEN', 'a second factor is required here', 'log in and set one up', 'second factor')
}

/** @param call such as `queue.act` */
export function beyondToken(call: string): CallError {
  return error('FORBIDDEN', `this API token does not include ${call}`, 'log in, or use a token that may change things')
}

export function forbidden(call: string): CallError {
  return error('FORBIDDEN', `your role does not include ${call}`, 'ask an admin')
}

/** @param what such as `account acme` */
export function notFound(what: string, change?: string): CallError {
  return error('NOT_FOUND', `there is no ${what}`, change)
}

export function conflict(message: string, change?: string): CallError {
  return error('CONFLICT', message, change)
}

export function refused(message: string, change?: string): CallError {
  return error('REFUSED', message, change)
}

/** @param waitMs how long nothing will be looked at */
export function tooMany(waitMs: number): CallError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return error('TOO_MANY_REQUESTS', 'too many wrong passwords', `wait ${seconds} seconds, then try again`)
}

/** Refuses a cursor that no page of a list can have given. */
export function refuseStrangeCursor(cursor: string | undefined, form: RegExp): void {
  if (cursor !== undefined && !form.test(cursor)) throw refused('the cursor is none of this list', 'start without one')
}
