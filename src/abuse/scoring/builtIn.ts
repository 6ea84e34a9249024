/**
 * The built-in checks: a few things that mail for abuse has more often than other mail. They find what is coarse and
 * nothing more, which is why they say their name; a real filter is better at all of it.
 */

import { parseAddressList } from '../../model/addressList.ts'
import { asciiDomain } from '../../mta/domains/domain.ts'
import { htmlLinks } from '../../mta/html.ts'
import { fieldsOf } from '../../mta/mime/fields.ts'
import { type Email, takeApart } from '../../mta/mime/read.ts'
import type { MailToScore, Score } from './scorer.ts'

/** So much of a mail is looked at, octets. */
export const CHECKED_OCTETS = 1024 * 1024
/** Links and characters of their text that are looked at. */
const MOST_LINKS = 500
/** So many recipients are unusual for a letter. */
const MANY_RECIPIENTS = 50

/** The test string every filter has to find (Generic Test for Unsolicited Bulk Email). */
const GTUBE = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'

const points = {
  GTUBE: 100,
  LINK_TEXT_MISMATCH: 40,
  EXECUTABLE_ATTACHMENT: 40,
  FROM_NAME_HAS_OTHER_ADDRESS: 35,
  IP_LINK: 25,
  SHOUTS_ABOUT_MONEY: 25,
  FROM_NOT_ENVELOPE: 15,
  MANY_RECIPIENTS: 10,
} as const
type Check = keyof typeof points

const EXECUTABLE = /\.(?:exe|scr|com|pif|bat|cmd|vbs|vbe|js|jse|wsf|hta|lnk|msi|ps1|jar|iso|img)$/i
const MONEY =
  /\b(?:FREE|MONEY|CASH|WIN(?:NER)?|PRIZE|LOTTERY|MILLIONS?|DOLLARS?|EUROS?|BITCOIN|LOAN|CREDIT|INVEST\w*)\b/

/** What the checks say of a mail. */
export interface BuiltInScore extends Score {
  fromMismatch: boolean
  linkMismatch: boolean
}

/** Characters of what is shown for a link that are looked at. */
const LINK_TEXT = 1000

interface Link {
  host: string
  text: string
}

function hostOf(url: string): string | undefined {
  return /^\s*https?:\/\/(?:[^/?#@\s]*@)?(\[[^\]\s]*\]|[^/?#:\s"'<>]+)/i.exec(url)?.[1]?.toLowerCase()
}

/** Links of a page that lead to a host. */
function linksOf(html: string): Link[] {
  return htmlLinks(html, MOST_LINKS, LINK_TEXT).flatMap(({ href, text }) => {
    const host = hostOf(href)
    return host === undefined ? [] : [{ host, text }]
  })
}

/** The last two labels: whose name it is, more or less. */
function owner(host: string): string {
  return host.split('.').slice(-2).join('.')
}

/** Whether a link shows the address of one site and leads to another. */
function isFalse({ host, text }: Link): boolean {
  const shown =
    hostOf(text) ??
    hostOf(`http://${/^(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?=$|[/\s])/i.exec(text)?.[0] ?? ''}`)
  return shown !== undefined && owner(shown) !== owner(host)
}

function isAddressHost(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || /^(?:0x[0-9a-f]+|\d{8,10})$/.test(host)
}

function plainLinks(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>"']{1,500}/gi)].slice(0, MOST_LINKS).flatMap(([url]) => hostOf(url) ?? [])
}

function domainOf(address: string): string | undefined {
  return asciiDomain(address.slice(address.lastIndexOf('@') + 1))
}

function isShouting(subject: string): boolean {
  const letters = subject.replace(/[^\p{L}]/gu, '')
  return letters.length >= 8 && letters === letters.toUpperCase() && MONEY.test(subject)
}

/** The domain of the first address that stands in a name. */
function addressIn(name: string): string | undefined {
  const pieces = name.split('@')
  return pieces.slice(1).flatMap((after, index) => {
    const before = pieces[index]!
    const [domain = ''] = /^[^\s"<>]*/.exec(after) ?? []
    const isAddress = before !== '' && !/[\s"<>]$/.test(before) && domain.slice(1, -1).includes('.')
    return isAddress ? [domain.toLowerCase()] : []
  })[0]
}

/** What From shows: another domain than the envelope's, or a name that is somebody else's address. */
function fromChecks(header: ReturnType<typeof fieldsOf>, envelopeFrom: string): Check[] {
  const from = header.find(([name]) => name === 'from')?.[1] ?? ''
  const domains: string[] = (parseAddressList(from) ?? []).flatMap(({ domain }) => asciiDomain(domain) ?? [])
  const envelope = envelopeFrom === '' ? undefined : domainOf(envelopeFrom)
  const name = from.slice(0, Math.max(0, from.lastIndexOf('<')))
  const named = addressIn(name)
  const found: Check[] = []
  if (envelope !== undefined && domains.length > 0 && !domains.includes(envelope)) found.push('FROM_NOT_ENVELOPE')
  if (named !== undefined && !domains.includes(named)) found.push('FROM_NAME_HAS_OTHER_ADDRESS')
  return found
}

function contentChecks(text: string, mail: Email | undefined): Check[] {
  const html = mail?.html ?? ''
  const plain = mail?.text ?? (mail ? '' : text)
  const links = linksOf(html)
  const found: Check[] = []
  if ([text, html, plain].some((part) => part.includes(GTUBE))) found.push('GTUBE')
  if (links.some(isFalse)) found.push('LINK_TEXT_MISMATCH')
  if ([...links.map(({ host }) => host), ...plainLinks(plain)].some(isAddressHost)) found.push('IP_LINK')
  if (mail?.attachments.some(({ filename }) => EXECUTABLE.test(filename ?? ''))) found.push('EXECUTABLE_ATTACHMENT')
  if (isShouting(mail?.subject ?? '')) found.push('SHOUTS_ABOUT_MONEY')
  return found
}

/** The score of a mail that could not be checked within the limits of reading: somebody has to look at it. */
export const uncheckedScore: BuiltInScore = {
  score: 50,
  symbols: ['UNREADABLE'],
  fromMismatch: false,
  linkMismatch: false,
}

/** Looks at a mail. Never rejects. */
export async function builtInChecks({
  bytes,
  from,
  to,
}: Pick<MailToScore, 'bytes' | 'from' | 'to'>): Promise<BuiltInScore> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, CHECKED_OCTETS)).toString('latin1')
  const mail = await takeApart(text)
  const found = [...contentChecks(text, mail), ...fromChecks(fieldsOf(text), from)]
  if (to.length > MANY_RECIPIENTS) found.push('MANY_RECIPIENTS')
  return {
    score: Math.min(
      100,
      found.reduce((sum, check) => sum + points[check], 0),
    ),
    symbols: found,
    fromMismatch: found.includes('FROM_NOT_ENVELOPE') || found.includes('FROM_NAME_HAS_OTHER_ADDRESS'),
    linkMismatch: found.includes('LINK_TEXT_MISMATCH'),
  }
}
