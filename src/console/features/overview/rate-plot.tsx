/** Mail in and out over the last minutes. */

import { count, duration, rate } from '../../format.ts'
import { type RatePoint, useRateHistory } from '../../parts/rate-history.ts'
import { text } from '../../text.ts'

const words = text.overview

const WIDTH = 300
const HEIGHT = 72
/** the plot is this wide from the start, so that it does not stretch while it fills */
const SPAN_MS = 600_000

/** A round number not below the greatest. */
function ceilingOf(most: number): number {
  if (most <= 1) return 1
  const ten = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((step) => step * ten).find((step) => step >= most) ?? most
}

function pathOf(points: readonly RatePoint[], end: number, ceiling: number, of: (point: RatePoint) => number): string {
  return points
    .map((point, at) => {
      const x = WIDTH - ((end - point.at) / SPAN_MS) * WIDTH
      const y = HEIGHT - (of(point) / ceiling) * (HEIGHT - 2) - 1
      return `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
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
  const into = pathOf(points, last.at, ceiling, (point) => point.in)
  const start = WIDTH - ((last.at - first.at) / SPAN_MS) * WIDTH
  const span = duration(Math.max(1, (last.at - first.at) / 1000), 1)
  return (
    <div>
      <div className="num flex justify-between text-faint text-xs">
        <span>{count(ceiling)}</span>
        <span title={words.collecting}>{words.perSecond}</span>
      </div>
      <svg
        role="img"
        aria-label={words.rateLabel(rate(last.in), rate(last.out), rate(most), span)}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="block h-[72px] w-full"
      >
        <path d={`M0 1H${WIDTH}`} stroke="var(--line-soft)" vectorEffect="non-scaling-stroke" />
        <path d={`M0 ${HEIGHT / 2}H${WIDTH}`} stroke="var(--line-soft)" vectorEffect="non-scaling-stroke" />
        <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
        <path d={`${into}L${WIDTH} ${HEIGHT}L${start.toFixed(1)} ${HEIGHT}Z`} fill="var(--accent)" opacity={0.14} />
        <path d={into} fill="none" stroke="var(--accent)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
        <path
          d={pathOf(points, last.at, ceiling, (point) => point.out)}
          fill="none"
          stroke="var(--info)"
          strokeWidth={1.5}
          strokeDasharray="4 3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className="num flex justify-between text-faint text-xs">
        <span>{words.since(duration(SPAN_MS / 1000, 1))}</span>
        <span>{words.now}</span>
      </div>
    </div>
  )
}
