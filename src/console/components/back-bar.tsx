/** On a phone, where a record takes the place of its list: the way back to it. */

import { ArrowLeft } from 'lucide-react'
import { Button } from '../ui/button.tsx'

export function BackBar({ label, onBack }: { label: string; onBack: () => void }) {
  return (
    <div className="shrink-0 border-line border-b bg-panel px-1.5 py-[7px]">
      <Button kind="ghost" onClick={onBack}>
        <ArrowLeft size={15} aria-hidden />
        {label}
      </Button>
    </div>
  )
}
