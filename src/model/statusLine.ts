/** What became of a message, in the words a person would use. */

import { type DeliveryState, isFinal } from './delivery.ts'

export interface StatusLineDelivery {
  destination: string
  state: DeliveryState
  reason: string
  /** milliseconds, Unix time */
  nextAttemptAt: number | undefined
  inDoubt: boolean
}

export interface StatusLineInput {
  /** in the order of the envelope */
  deliveries: readonly StatusLineDelivery[]
  /** milliseconds, Unix time; undefined when everything is final */
  givesUpAt: number | undefined
}

/** How times are written: the console's zone and language are its own affair. */
export interface StatusLineTimes {
  /** a point in time near now, such as `today 14:05` */
  moment(ms: number): string
  /** a day, such as `28 November` */
  day(ms: number): string
}

/** `good`: all delivered; `waiting`: goes on by itself; `held`: waits for a person; `bad`: somebody will not get it. */
export type StatusTone = 'good' | 'sending' | 'waiting' | 'held' | 'bad'

export interface StatusLine {
  tone: StatusTone
  /** one sentence with what has been reached */
  lead: string
  /** sentences about what has not, and what comes next; may be empty */
  rest: string[]
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

const severity: Record<DeliveryState, StatusTone> = {
  delivered: 'good',
  queued: 'sending',
  sending: 'sending',
  deferred: 'waiting',
  held: 'held',
  failed: 'bad',
  expired: 'bad',
  cancelled: 'bad',
}

const toneOrder: readonly StatusTone[] = ['good', 'sending', 'waiting', 'held', 'bad']

function worst(states: readonly DeliveryState[]): StatusTone {
  return states.reduce<StatusTone>((tone, state) => {
    const next = severity[state]
    return toneOrder.indexOf(next) > toneOrder.indexOf(tone) ? next : tone
  }, 'good')
}

const predicates: Record<DeliveryState, (plural: boolean) => string> = {
  delivered: (plural) => (plural ? 'have arrived' : 'has arrived'),
  queued: (plural) => (plural ? 'are waiting' : 'is waiting'),
  sending: (plural) => (plural ? 'are being sent right now' : 'is being sent right now'),
  deferred: (plural) => (plural ? 'are deferred' : 'is deferred'),
  held: (plural) => (plural ? 'are held' : 'is held'),
  failed: (plural) => (plural ? 'have failed' : 'has failed'),
  expired: (plural) => (plural ? 'have expired' : 'has expired'),
  cancelled: (plural) => (plural ? 'were cancelled' : 'was cancelled'),
}

interface Group {
  state: DeliveryState
  reason: string
  destination: string
  positions: number[]
}

/** Deliveries that share state, reason and destination are spoken of together. */
function groupsOf(deliveries: readonly StatusLineDelivery[]): Group[] {
  const groups = new Map<string, Group>()
  deliveries.forEach(({ state, reason, destination }, position) => {
    if (state === 'delivered') return
    const key = `${state}\n${reason}\n${destination}`
    const group = groups.get(key) ?? { state, reason, destination, positions: [] }
    group.positions.push(position)
    groups.set(key, group)
  })
  return [...groups.values()]
}

function subject(positions: readonly number[], total: number): string {
  const [only] = positions
  if (total === 1) return 'It'
  if (positions.length === total) return total === 2 ? 'Both' : `All ${total}`
  if (positions.length > 1) return `${positions.length} others`
  return only !== undefined && only < ordinals.length ? `The ${ordinals[only]}` : 'One other'
}

/** `452 4.2.2 The mailbox is full.` → `the mailbox is full`: the codes of a reply stand with the attempt, not here. */
function plainReason(reason: string): string {
  const text = reason.replace(/^[245]\d\d[ -](?:[245]\.\d{1,3}\.\d{1,3}\s+)?/, '').replace(/[.\s]+$/, '')
  return text === '' ? reason : text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
}

/** Places that are no host name, which a sentence does not name with "at". */
const noHost = new Set(['capture', 'reject'])

function groupSentence(group: Group, total: number): string {
  const plural = group.positions.length > 1
  const start = `${subject(group.positions, total)} ${predicates[group.state](plural)}`
  if (group.state === 'sending' || group.reason === '') return `${start}.`
  const reason = plainReason(group.reason)
  const told = reason.includes(group.destination) || noHost.has(group.destination)
  const where = group.state === 'held' || group.state === 'cancelled' || told ? '' : ` at ${group.destination}`
  return `${start}: ${reason}${where}.`
}

function leadSentence(deliveries: readonly StatusLineDelivery[]): string {
  const total = deliveries.length
  const arrived = deliveries.filter((delivery) => delivery.state === 'delivered').length
  if (total === 0) return 'This message has no recipients.'
  if (arrived === total)
    return total === 1 ? 'Delivered.' : total === 2 ? 'Delivered to both.' : `Delivered to all ${total}.`
  if (arrived > 0) return `Delivered to ${arrived} of ${total}.`
  const over = deliveries.every((delivery) => isFinal(delivery.state))
  return over ? 'Not delivered.' : 'Not delivered yet.'
}

function nextSentence(input: StatusLineInput, times: StatusLineTimes): string | undefined {
  const waiting = input.deliveries.filter(({ state }) => state === 'queued' || state === 'deferred')
  const tries = waiting.map((delivery) => delivery.nextAttemptAt).filter((at) => at !== undefined)
  if (tries.length === 0) return undefined
  const next = `Next try ${times.moment(Math.min(...tries))}`
  return input.givesUpAt === undefined ? `${next}.` : `${next}, gives up on ${times.day(input.givesUpAt)}.`
}

/** Most readers need the first few reasons; a list of hundreds stands under the verdict anyway. */
const SPOKEN_GROUPS = 3

/**
 * Says what became of a message: first what has been reached, then what has not and why, then what comes next.
 * `Delivered to 2 of 3. The third is deferred: mailbox full at kestrel.example. Next try today 14:05, gives up on 28 November.`
 */
export function statusLineOf(input: StatusLineInput, times: StatusLineTimes): StatusLine {
  const { deliveries } = input
  const total = deliveries.length
  const groups = groupsOf(deliveries)
  const rest = groups.slice(0, SPOKEN_GROUPS).map((group) => groupSentence(group, total))
  if (groups.length > SPOKEN_GROUPS) rest.push(`${groups.length - SPOKEN_GROUPS} more reasons are listed below.`)
  const next = nextSentence(input, times)
  if (next !== undefined) rest.push(next)
  const doubts = deliveries.filter((delivery) => delivery.inDoubt).length
  if (doubts === 1) rest.push('One delivery is in doubt: it may arrive twice.')
  if (doubts > 1) rest.push(`${doubts} deliveries are in doubt: they may arrive twice.`)
  return { tone: worst(deliveries.map((delivery) => delivery.state)), lead: leadSentence(deliveries), rest }
}
