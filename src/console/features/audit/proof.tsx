/** The proof: the log checked, the draws replayed, everything exported, checkpoints kept outside. */

import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { text } from '../../text.ts'
import { useKeys } from '../../ui/keys.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Checkpoints } from './checkpoints.tsx'
import { SamplingCard } from './draws-card.tsx'
import type { Export } from './export.ts'
import { ExportCard } from './export-card.tsx'
import type { Draws, Verification } from './verification.ts'
import { VerifyCard } from './verify-card.tsx'
import { PROOF } from './view.ts'

const words = text.audit

export interface ProofProps {
  /** the parts of the screen */
  tabs: ReactNode
  verification: Verification
  draws: Draws
  exported: Export
}

export function Proof({ tabs, verification, draws, exported }: ProofProps) {
  const { q, ask } = useSearch({ from: '/audit/{-$row}' })
  const navigate = useNavigate()
  const { start: verify } = verification
  const { start: replay } = draws
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each arrival
  useEffect(() => {
    if (!ask) return
    if (ask === 'verify') verify(undefined)
    else replay(undefined)
    // a reload must not begin it again
    void navigate({ to: '/audit/{-$row}', params: { row: PROOF }, search: q ? { q } : {}, replace: true })
  }, [ask])
  useKeys({
    Escape: () => void navigate({ to: '/audit/{-$row}', params: {}, search: q ? { q } : {} }),
  })
  return (
    <>
      <div className="flex items-center gap-3 border-line border-b bg-panel px-3.5 py-[9px]">
        {tabs}
        <p className="min-w-0 truncate text-dim" title={words.proof.lead}>
          {words.proof.lead}
        </p>
      </div>
      <ScrollRegion label={words.proofTitle} className="min-h-0 flex-1 overflow-y-auto px-6 py-5">
        <div className="mx-auto grid max-w-[1240px] items-start gap-4 lg:grid-cols-2">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <VerifyCard verification={verification} />
            <SamplingCard draws={draws} />
            <ExportCard exported={exported} />
          </div>
          <Checkpoints />
        </div>
      </ScrollRegion>
    </>
  )
}
