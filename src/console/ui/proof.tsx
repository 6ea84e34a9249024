/** A hash or signature in full: what it covers, its characters, and the way to take it along. */

import { text } from '../text.ts'
import { CopyButton } from './copy.tsx'

export interface ProofProps {
  label: string
  help?: string
  value: string
}

export function Proof({ label, help, value }: ProofProps) {
  return (
    <div className="mt-4">
      <div className="flex items-center gap-1">
        <h3 className="section-title">{label}</h3>
        <CopyButton value={value} label={text.common.copyOf(label)} />
      </div>
      <p className="mono mt-1 break-all rounded-md border border-line bg-sunken px-2.5 py-1.5 select-text">{value}</p>
      {help ? <p className="mt-1 text-faint text-sm">{help}</p> : null}
    </div>
  )
}
