/** Over a paused list: how much has arrived meanwhile, and the way there. */

import { ArrowUp } from 'lucide-react'
import { count } from '../format.ts'
import { text } from '../text.ts'

export interface FreshPillProps {
  waiting: number
  /** more than could be counted */
  missed: boolean
  help: string
  onShow: () => void
}

export function FreshPill({ waiting, missed, help, onShow }: FreshPillProps) {
  const shown = waiting > 0 || missed
  return (
    <div role="status" className="-translate-x-1/2 pointer-events-none absolute top-[38px] left-1/2 z-20">
      {shown ? (
        <button
          type="button"
          onClick={onShow}
          title={help}
          className="num pointer-events-auto inline-flex h-7 items-center gap-1.5 rounded-full bg-accent px-3 font-[550] text-on-accent text-sm shadow-pop hover:bg-accent-hover"
        >
          <ArrowUp size={13} />
          {text.filter.fresh(missed ? `${count(Math.max(1, waiting))}+` : count(waiting))}
        </button>
      ) : null}
    </div>
  )
}
