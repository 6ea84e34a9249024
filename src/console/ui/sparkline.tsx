/** A row of small bars: how a number went from day to day. */

import { classes } from './classes.ts'

export interface SparklineProps {
  /** oldest first */
  values: readonly number[]
  /** what it says, for those who do not see it */
  label: string
  /** pixels */
  height?: number
  className?: string
}

const STEP = 3
const BAR = 2

/** Bars from the bottom up, the greatest as high as there is room; what is not zero is seen. */
function bars(values: readonly number[], height: number): string {
  const most = Math.max(1, ...values)
  return values
    .flatMap((value, at) => {
      if (value === 0) return []
      const tall = Math.max(1, (value / most) * height)
      return `M${at * STEP + BAR / 2} ${height}v${-Number(tall.toFixed(2))}`
    })
    .join('')
}

/** Takes the width it is given. */
export function Sparkline({ values, label, height = 16, className }: SparklineProps) {
  const width = values.length * STEP
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      style={{ height }}
      className={classes('block text-accent', className)}
    >
      <title>{label}</title>
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line)" strokeWidth={1} />
      <path d={bars(values, height)} stroke="currentColor" strokeWidth={BAR} fill="none" opacity={0.8} />
    </svg>
  )
}
