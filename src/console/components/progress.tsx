/** Something that takes long enough to be waited for. */

import { duration } from '../format.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { useNow } from '../ui/time.tsx'

export interface ProgressProps {
  words: string
  /** share that is done, 0 to 1; unknown without */
  share?: number | undefined
  /** milliseconds, Unix time */
  since?: number
  /** stops it; without it, it goes on by itself */
  onCancel?: (() => void) | undefined
}

/** How far it is, for how long it has been going, and how to stop it. */
export function Progress({ words, share, since, onCancel }: ProgressProps) {
  const now = useNow(1000)
  const seconds = since === undefined ? 0 : Math.floor((now - since) / 1000)
  return (
    <div className="mt-3 flex items-center gap-3">
      <span role="status" className="num shrink-0">
        {words}
      </span>
      <span
        role="progressbar"
        aria-label={words}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="relative h-1 flex-1 overflow-hidden rounded-full bg-line"
      >
        <span
          className={`absolute inset-y-0 left-0 rounded-full bg-accent ${share === undefined ? 'w-1/3 animate-[sweep_1.4s_ease-in-out_infinite]' : ''}`}
          style={share === undefined ? undefined : { width: `${share * 100}%` }}
        />
      </span>
      <span className="num w-12 text-right text-faint">{seconds > 0 ? duration(seconds) : ''}</span>
      {onCancel ? (
        <Button small onClick={onCancel}>
          {text.common.cancel}
        </Button>
      ) : null}
    </div>
  )
}
