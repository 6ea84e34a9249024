/** The days that are kept, one bar each, oldest on the left with its time to go; or the same as a table. */

import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { RetainedDay } from '../../../contract/retention.ts'
import { useUser } from '../../api.ts'
import { relative, utcDayShort } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { useNow } from '../../ui/time.tsx'
import { seesMessages } from '../visibility.ts'
import { DayLine } from './day-line.tsx'
import { DayTable } from './day-table.tsx'
import { filterOfDay, type StripDay, stripDays } from './strip-days.ts'
import { dayInLine } from './words.ts'

const words = text.retention.strip

export interface StripProps {
  days: readonly RetainedDay[]
  policyDays: number
  /** the day that goes first */
  next: string | undefined
  /** days that would go if the policy were another; undefined while nobody asks */
  would: ReadonlySet<string> | undefined
  asTable: boolean
}

export function Strip({ days, policyDays, next, would, asTable }: StripProps) {
  const now = useNow()
  const slots = stripDays(days, policyDays, now)
  const [hovered, setHovered] = useState<string>()
  const [focused, setFocused] = useState<string>()
  if (asTable) return <DayTable days={days} />
  const told = slots.find((slot) => slot.day === (hovered ?? focused ?? next))
  return (
    <>
      <Bars slots={slots} next={next} would={would} now={now} onHover={setHovered} onFocus={setFocused} />
      <Axis slots={slots} next={days.find((kept) => kept.day === next)} now={now} />
      {told ? <DayLine told={told} isNext={told.day === next} /> : null}
    </>
  )
}

export interface StripLegendProps {
  /** whether any day has held records */
  held: boolean
  /** whether days that would go are marked */
  would: boolean
}

/** What the colours mean. */
export function StripLegend({ held, would }: StripLegendProps) {
  return (
    <div className="flex h-[30px] items-center gap-4 text-dim text-sm">
      <LegendItem swatch="bg-amber" label={words.nextLegend} />
      {would ? <LegendItem swatch="striped" label={words.wouldLegend} /> : null}
      {held ? <LegendItem swatch="h-[5px]! rounded-full bg-held" label={words.heldLegend} /> : null}
    </div>
  )
}

interface BarsProps {
  slots: readonly StripDay[]
  next: string | undefined
  would: ReadonlySet<string> | undefined
  now: number
  onHover: (day: string | undefined) => void
  onFocus: (day: string | undefined) => void
}

function Bars({ slots, next, would, now, onHover, onFocus }: BarsProps) {
  const { role } = useUser()
  const navigate = useNavigate()
  const [reached, setReached] = useState<string>()
  const bars = useRef<(HTMLButtonElement | null)[]>([])
  const most = Math.max(1, ...slots.map((slot) => slot.kept?.headers ?? 0))
  // one bar is in the tab order: the one last reached, first of all the one that goes next
  const at = Math.max(
    0,
    slots.findIndex((slot) => slot.day === (reached ?? next)),
  )
  const open = (day: string): void => {
    if (seesMessages(role)) void navigate({ to: '/messages/{-$id}', params: {}, search: { q: filterOfDay(day) } })
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: slots.length - 1 }[event.key]
    if (target === undefined) return
    event.preventDefault()
    bars.current[Math.max(0, Math.min(target, slots.length - 1))]?.focus()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      role="group"
      aria-label={`${words.title}. ${words.help}`}
      onKeyDown={onKeyDown}
      onMouseLeave={() => onHover(undefined)}
      className="mt-3 flex h-[88px] items-stretch border-line border-b"
    >
      {slots.map(({ day, kept }, index) => (
        <button
          key={day}
          type="button"
          ref={(element) => {
            bars.current[index] = element
          }}
          tabIndex={index === at ? 0 : -1}
          aria-label={dayInLine(day, kept, now)}
          onMouseEnter={() => onHover(day)}
          onFocus={() => {
            setReached(day)
            onFocus(day)
          }}
          onBlur={() => onFocus(undefined)}
          onClick={() => open(day)}
          className="group/bar relative flex min-w-0 flex-1 flex-col justify-end px-px hover:bg-row-hover focus-visible:bg-row-hover"
        >
          {kept && kept.held > 0 ? (
            <span aria-hidden className="mb-0.5 h-[5px] w-full max-w-[9px] self-center rounded-full bg-held" />
          ) : null}
          <span
            aria-hidden
            className={classes(
              'block w-full rounded-t-[2px] group-hover/bar:opacity-100 group-focus-visible/bar:opacity-100',
              barColour({ day, empty: !kept?.headers, next, would }),
            )}
            style={{ height: kept?.headers ? `max(3px, ${(kept.headers / most) * 86}%)` : '1px' }}
          />
        </button>
      ))}
    </div>
  )
}

interface BarState {
  day: string
  empty: boolean
  next: string | undefined
  would: ReadonlySet<string> | undefined
}

function barColour({ day, empty, next, would }: BarState): string {
  if (empty) return 'bg-line-strong opacity-60'
  if (would?.has(day)) return 'striped opacity-95'
  return day === next ? 'bg-amber' : 'bg-accent opacity-75'
}

/** The two ends: the day that goes first and its time, and today. */
function Axis({ slots, next, now }: { slots: readonly StripDay[]; next: RetainedDay | undefined; now: number }) {
  const first = slots[0]
  if (!first) return null
  const goes = next ? ` · ${Date.parse(next.goesAt) <= now ? words.goesNow : relative(next.goesAt, now)}` : ''
  return (
    <div className="num mt-1 flex justify-between text-faint text-sm">
      <span>
        {utcDayShort(first.day)}
        {next?.day === first.day ? goes : ''}
      </span>
      <span>{words.today}</span>
    </div>
  )
}

function LegendItem({ swatch, label }: { swatch: string; label: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={classes('size-2.5 rounded-[2px]', swatch)} />
      {label}
    </span>
  )
}
