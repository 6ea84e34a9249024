/** The parameters after the path of MAIL and RCPT (RFC 5321 §4.1.1.11), in the words of the model. */

import { isInternational } from '../../model/address.ts'
import type { Envelope, RecipientOptions } from '../../model/message.ts'
import { type CheckResult, pass, refuse } from './checkResult.ts'

export interface MailParameters {
  body: Envelope['body']
  smtputf8: boolean
  ret: Envelope['ret']
  envid: string | undefined
  /** what the client says the message has, octets (RFC 1870) */
  size: number | undefined
}

/** xtext (RFC 3461 §4): printable ASCII but `+` and `=`, which are written as hex */
const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/
/** the same with the characters of RFC 6533 §3 */
const XTEXT_UTF8 = /^(?:[!-*,-<>-~\u{a0}-\u{10ffff}]|\+[0-9A-F]{2})*$/u
const ADDRESS_TYPE = /^[A-Za-z0-9-]{1,40}$/
const ENVID_LENGTH = 100
const ORCPT_LENGTH = 500

const notifyWords = new Map<string, NonNullable<RecipientOptions['notify']>[number]>([
  ['NEVER', 'never'],
  ['SUCCESS', 'success'],
  ['FAILURE', 'failure'],
  ['DELAY', 'delay'],
])

function bad(text: string): CheckResult<never> {
  return refuse(501, '5.5.4', text)
}

function unknown(parameter: string, verb: string): CheckResult<never> {
  const name = /^[A-Za-z0-9-]{1,40}$/.test(parameter) ? parameter.toUpperCase() : 'given'
  return refuse(555, '5.5.4', `Parameter ${name} is not known: leave it out of ${verb}`)
}

/** Splits ` KEY=VALUE KEY …` and hands each to `take`; a key may stand once (RFC 3461 §4). */
function each(
  text: string,
  take: (key: string, value: string | undefined) => CheckResult<undefined>,
): { ok: false; reply: ReturnType<typeof refuse>['reply'] } | undefined {
  const seen = new Set<string>()
  for (const part of text.split(' ')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const key = (equals < 0 ? part : part.slice(0, equals)).toUpperCase()
    if (seen.has(key)) return refuse(501, '5.5.4', 'A parameter is given twice: give each once')
    seen.add(key)
    const verdict = take(key, equals < 0 ? undefined : part.slice(equals + 1))
    if (!verdict.ok) return verdict
  }
  return undefined
}

const done = pass(undefined)

/** Reads the parameters of MAIL: SIZE, BODY, SMTPUTF8, RET, ENVID, AUTH. */
export function parseMailParameters(text: string): CheckResult<MailParameters> {
  const found: MailParameters = { body: '7bit', smtputf8: false, ret: undefined, envid: undefined, size: undefined }
  if (text === '') return pass(found)
  const fault = each(text, (key, value) => {
    switch (key) {
      case 'SIZE':
        if (!value || !/^\d{1,20}$/.test(value)) return bad('SIZE is a number of octets')
        found.size = Number(value)
        return done
      case 'BODY': {
        const body = value?.toLowerCase()
        if (body !== '7bit' && body !== '8bitmime') return bad('BODY is 7BIT or 8BITMIME')
        found.body = body
        return done
      }
      case 'SMTPUTF8':
        if (value !== undefined) return bad('SMTPUTF8 takes no value')
        found.smtputf8 = true
        return done
      case 'RET': {
        const ret = value?.toLowerCase()
        if (ret !== 'full' && ret !== 'hdrs') return bad('RET is FULL or HDRS')
        found.ret = ret
        return done
      }
      case 'ENVID':
        if (!value || value.length > ENVID_LENGTH || !XTEXT.test(value))
          return bad(`ENVID is up to ${ENVID_LENGTH} characters of xtext`)
        found.envid = value
        return done
      case 'AUTH':
        // RFC 4954 §5: must be understood; nobody is believed, so it has no effect
        return value && XTEXT.test(value) ? done : bad('AUTH is an address in xtext, or <>')
      default:
        return unknown(key, 'MAIL')
    }
  })
  return fault ?? pass(found)
}

function parseNotify(value: string | undefined): RecipientOptions['notify'] {
  const words = (value ?? '').toUpperCase().split(',')
  const notify = words.map((word) => notifyWords.get(word))
  if (notify.includes(undefined) || new Set(words).size < words.length) return undefined
  if (words.includes('NEVER') && words.length > 1) return undefined
  return notify as NonNullable<RecipientOptions['notify']>
}

function isOriginalRecipient(value: string, smtputf8: boolean): boolean {
  const semicolon = value.indexOf(';')
  if (value.length > ORCPT_LENGTH || !ADDRESS_TYPE.test(value.slice(0, semicolon))) return false
  const address = value.slice(semicolon + 1)
  return address !== '' && (smtputf8 ? XTEXT_UTF8 : XTEXT).test(address)
}

const noOptions: RecipientOptions = { notify: undefined, orcpt: undefined }

/**
 * Reads the parameters of RCPT: NOTIFY, ORCPT (RFC 3461 §4.1, §4.2).
 * @param smtputf8 whether MAIL declared it; then ORCPT may go beyond ASCII (RFC 6533 §3)
 */
export function parseRecipientParameters(text: string, smtputf8: boolean): CheckResult<RecipientOptions> {
  if (text === '') return pass(noOptions)
  const found: RecipientOptions = { notify: undefined, orcpt: undefined }
  const fault = each(text, (key, value) => {
    switch (key) {
      case 'NOTIFY':
        found.notify = parseNotify(value)
        return found.notify ? done : bad('NOTIFY is NEVER, or some of SUCCESS, FAILURE, DELAY with commas between')
      case 'ORCPT':
        if (!value || !isOriginalRecipient(value, smtputf8)) return bad('ORCPT is a type, a semicolon and xtext')
        found.orcpt = value
        return done
      default:
        return unknown(key, 'RCPT')
    }
  })
  if (fault) return fault
  if (!smtputf8 && isInternational(text)) return refuse(553, '5.6.7', 'Declare SMTPUTF8 in MAIL to go beyond ASCII')
  return pass(found)
}
