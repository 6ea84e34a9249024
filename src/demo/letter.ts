/** What the demo's customers write, and to whom. Pure; every name and domain is made up (RFC 2606). */

import { pick } from './random.ts'

export interface Letter {
  /** name of the account that sends it */
  account: AccountName
  from: string
  fromName: string
  to: string[]
  subject: string
  text: string
}

export type AccountName = 'acme' | 'northbay' | 'fennel' | 'quill'

/** The demo's customers: a shop, a medical practice, a law firm, and a publisher who bought his list of readers. */
export const accounts = [
  { name: 'acme', contact: 'postmaster@acme.example', domain: 'acme.example', addedDaysAgo: 641, share: 0.58 },
  { name: 'northbay', contact: 'it@northbay.example', domain: 'northbay.example', addedDaysAgo: 388, share: 0.24 },
  { name: 'fennel', contact: 'office@fennel.example', domain: 'fennel.example', addedDaysAgo: 215, share: 0.1 },
  { name: 'quill', contact: 'lists@quill.example', domain: 'quill.example', addedDaysAgo: 96, share: 0.08 },
] as const satisfies { name: AccountName; contact: string; domain: string; addedDaysAgo: number; share: number }[]

/** What a next hop does with mail for a recipient. */
export type Fate = 'taken' | 'unknown' | 'full' | 'later'

/** People who left, whose mailboxes are full, and whose host asks to come back: told by their addresses. */
export function fateOf(recipient: string): Fate {
  if (recipient.startsWith('former.')) return 'unknown'
  if (recipient.startsWith('archive@')) return 'full'
  return recipient.endsWith('@wren.example') ? 'later' : 'taken'
}

/** The host of this domain is too busy for everybody. */
export const BUSY_DOMAIN = 'linnet.example'

/** Mail for this domain is captured: a partner's test system that must never be written to. */
export const CAPTURED_DOMAIN = 'osprey.example'

const names = [
  'tom.baker',
  'pia',
  'lena.vogel',
  'ops',
  'j.doe',
  'maria.santos',
  'office',
  'k.nakamura',
  'sam',
  'finance',
]
const domains = ['kestrel.example', 'heron.example', 'plover.example', 'wagtail.example', 'wren.example']
const things = ['Copper kettle', 'Desk lamp', 'Oak shelf', 'Wool blanket', 'Garden chair', 'Paper lantern']

function recipient(random: () => number): string {
  const chance = random()
  if (chance < 0.02) return `former.${pick(random, names)}@${pick(random, domains)}`
  if (chance < 0.04) return 'archive@heron.example'
  if (chance < 0.12) return `${pick(random, names)}@${BUSY_DOMAIN}`
  if (chance < 0.125) return `${pick(random, names)}@${CAPTURED_DOMAIN}`
  return `${pick(random, names)}@${pick(random, domains)}`
}

type Template = (random: () => number) => Pick<Letter, 'from' | 'fromName' | 'to' | 'subject' | 'text'>

function order(random: () => number): number {
  return 20_000 + Math.floor(random() * 60_000)
}

const invoice: Template = (random) => {
  const number = order(random)
  return {
    from: 'billing@acme.example',
    fromName: 'Acme Billing',
    to: [recipient(random)],
    subject: `Invoice ${number}`,
    text: `Good day,\n\nyour invoice ${number} is due within 14 days. Thank you for your order.\n\nAcme Billing`,
  }
}

const shipping: Template = (random) => {
  const thing = pick(random, things)
  const number = order(random)
  return {
    from: 'orders@acme.example',
    fromName: 'Acme Orders',
    to: [recipient(random)],
    subject: `Order ${number} shipped: ${thing}`,
    text: `Good news,\n\n${thing} left our warehouse today (order ${number}).\n\nAcme Orders`,
  }
}

const report: Template = (random) => ({
  from: 'stock@acme.example',
  fromName: 'Acme Warehouse',
  to: [recipient(random), recipient(random), recipient(random)].filter(
    (each, index, all) => all.indexOf(each) === index,
  ),
  subject: `Stock report, week ${1 + Math.floor(random() * 52)}`,
  text: 'The stock report of this week is attached to your dashboard.\n\nAcme Warehouse',
})

const appointment: Template = (random) => {
  const time = `${8 + Math.floor(random() * 9)}:${pick(random, ['00', '15', '30', '45'])}`
  return {
    from: 'desk@northbay.example',
    fromName: 'Northbay Practice',
    to: [recipient(random)],
    subject: `Your appointment at ${time}`,
    text: `We look forward to seeing you at ${time}. Please tell us a day before if you cannot come.\n\nNorthbay Practice`,
  }
}

const circular: Template = (random) => ({
  from: 'news@northbay.example',
  fromName: 'Northbay Practice',
  to: [recipient(random)],
  subject: pick(random, [
    'Opening hours in the holidays',
    'Flu vaccination starts',
    'A new doctor joins us – Zoë Lindqvist',
  ]),
  text: 'Read more on the board in our waiting room.\n\nNorthbay Practice',
})

const privileged: Template = (random) => {
  const matter = 100 + Math.floor(random() * 60)
  return {
    from: 'chambers@fennel.example',
    fromName: 'Fennel & Rue',
    to: [recipient(random)],
    subject: pick(random, [`Matter ${matter}: draft for your comments`, `Matter ${matter}: hearing date`]),
    text: `Privileged and confidential.\n\nPlease find our note on matter ${matter} below.\n\nFennel & Rue`,
  }
}

const newsletter: Template = (random) => ({
  from: 'offers@quill.example',
  fromName: 'Quill Weekly',
  // a bought list: many of these people are long gone
  to: [random() < 0.16 ? `former.${pick(random, names)}@${pick(random, domains)}` : recipient(random)],
  subject: pick(random, ['Three books for the price of one', 'Your weekend read', 'Last chance: half price']),
  text: 'Read on, and order before Sunday.\n\nQuill Weekly',
})

const templates: Record<AccountName, readonly Template[]> = {
  acme: [invoice, invoice, shipping, shipping, shipping, report],
  northbay: [appointment, appointment, circular],
  fennel: [privileged],
  quill: [newsletter],
}

function sender(random: () => number): AccountName {
  const drawn = random()
  let below = 0
  for (const { name, share } of accounts) {
    below += share
    if (drawn < below) return name
  }
  return 'acme'
}

/** One letter of one of the customers. */
export function writeLetter(random: () => number): Letter {
  const account = sender(random)
  return { account, ...pick(random, templates[account])(random) }
}

/** Letters an hour when there are most. */
export const BUSIEST_HOUR = 6

/** Letters an hour at a moment (milliseconds, Unix time): offices by day, little at night and on weekends. */
export function lettersAnHour(at: number): number {
  const date = new Date(at)
  const hour = date.getUTCHours()
  const office = hour >= 7 && hour < 18 ? BUSIEST_HOUR : 0.7
  return [0, 6].includes(date.getUTCDay()) ? office / 4 : office
}
