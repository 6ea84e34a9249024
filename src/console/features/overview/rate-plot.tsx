/** Mail in and out over the last minutes. */

import { type RatePoint, useRateHistory } from '../../components/rate-history.ts'
import { duration, rate } from '../../format.ts'
import { text } from '../../text.ts'

const words = text.overview

const WIDTH = 300
const HEIGHT = 72
/** the plot is as wide as one of these, so that it does not stretch all the time while it fills */
const SPANS_MS = [120_000, 300_000, 600_000]
/** messages a second: less is drawn small, as it is */
const LEAST_CEILING = 0.5

/** A round number not below the greatest. */
function ceilingOf(most: number): number {
  if (most <= LEAST_CEILING) return LEAST_CEILING
  const ten = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((step) => step * ten).find((step) => step >= most) ?? most
}

interface Scale {
  /** time at the right edge, milliseconds */
  end: number
  /** milliseconds from edge to edge */
  span: number
  /** messages a second at the top */
  ceiling: number
}

function xOf(at: number, { end, span }: Scale): string {
  return (WIDTH - ((end - at) / span) * WIDTH).toFixed(1)
}

function pathOf(points: readonly RatePoint[], scale: Scale, of: (point: RatePoint) => number): string {
  return points
    .map((point, at) => {
      const y = HEIGHT - (of(point) / scale.ceiling) * (HEIGHT - 2) - 1
      return `${at === 0 ? 'M' : 'L'}${xOf(point.at, scale)} ${y.toFixed(1)}`
    })
    .join('')
}

export function RatePlot() {
  const points = useRateHistory()
  const last = points.at(-1)
  const first = points[0]
  if (!last || !first) return <div className="skeleton h-[92px]" />
  const most = Math.max(...points.map((point) => Math.max(point.in, point.out)))
  const ceiling = ceilingOf(most)
  const past = last.at - first.at
  const span = SPANS_MS.find((each) => each >= past) ?? past
  const scale = { end: last.at, span, ceiling }
  const into = pathOf(points, scale, (point) => point.in)
  const said = duration(Math.max(1, past / 1000), 1)
  return (
    <div>
      <div className="num flex justify-between text-faint text-xs">
        <span>{rate(ceiling)}</span>
        <span title={words.collecting}>{words.perSecond}</span>
      </div>
      <svg
        role="img"
        aria-label={words.rateLabel(rate(last.in), rate(last.out), rate(most), said)}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-[72px] w-full"
      >
        <path d={`M0 1H${WIDTH}`} stroke="var(--line-soft)" vectorEffect="non-scaling-stroke" />
        <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} stroke="var(--line-soft)" vectorEffect="non-scaling-stroke" />
        <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        <path d={`${into}L${WIDTH} ${HEIGHT}L${xOf(first.at, scale)} ${HEIGHT}Z`} fill="var(--accent)" opacity={0.14} />
        <path d={into} fill="none" stroke="var(--accent)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
        <path
          d={pathOf(points, scale, (point) => point.out)}
          fill="none"
          stroke="var(--info)"
          strokeWidth={1.5}
          strokeDasharray="4 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className="num flex justify-between text-faint text-xs">
        <span>{words.since(duration(span / 1000, 1))}</span>
        <span>{words.now}</span>
      </div>
    </div>
  )
}
