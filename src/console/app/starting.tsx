/** While nothing is known yet: the outline of the frame, and what is being waited for. */

import { problemOf, useApi } from '../api.ts'
import { text } from '../text.ts'
import { Brand } from '../ui/brand.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/state.tsx'

export interface StartingProps {
  /** why there is no connection */
  message: string | undefined
  /** why the session could not be read */
  error: unknown
}

export function Starting({ message, error }: StartingProps) {
  const { connection } = useApi()
  const problem = message ? { what: text.connection.failed, change: message } : error ? problemOf(error) : undefined
  return (
    <div className="flex h-full">
      <div className="w-[204px] shrink-0 border-line border-r px-4 py-3.5">
        <div className="flex items-center gap-2">
          <Brand size={18} />
          <span className="font-[650] tracking-[-0.01em]">{text.product}</span>
        </div>
      </div>
      <main id="content" className="grid min-w-0 flex-1 place-items-center p-8">
        {problem ? (
          <div className="grid max-w-md gap-3">
            <ProblemNote {...problem} />
            <Button className="justify-self-center" onClick={() => connection.redial()}>
              {text.connection.again}
            </Button>
          </div>
        ) : (
          <p role="status" className="flex animate-[appear_200ms_400ms_both] items-center gap-2 text-dim">
            <span aria-hidden className="size-[7px] animate-pulse rounded-full bg-wait" />
            {text.connection.connecting}
          </p>
        )}
      </main>
    </div>
  )
}
