/** Audit: who did what, on what, why and when; and the proof that nothing was changed afterwards. */

import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { text } from '../../text.ts'
import { Tabs, tabClass } from '../../ui/tabs.tsx'
import { useExport } from './export.ts'
import { AuditLog } from './log.tsx'
import { Proof } from './proof.tsx'
import { useDraws, useVerification } from './verification.ts'
import { PROOF } from './view.ts'

const words = text.audit

export function AuditScreen() {
  const { row } = useParams({ from: '/audit/{-$row}' })
  const { q = '' } = useSearch({ from: '/audit/{-$row}' })
  const navigate = useNavigate()
  // what was found stays while one looks at rows
  const verification = useVerification()
  const draws = useDraws()
  const exported = useExport()
  const tabs = (
    <Tabs label={words.views}>
      <Link
        to="/audit/{-$row}"
        params={{}}
        search={q ? { q } : {}}
        aria-current={row === PROOF ? undefined : 'page'}
        className={tabClass(row !== PROOF)}
      >
        {words.log}
      </Link>
      <Link
        to="/audit/{-$row}"
        params={{ row: PROOF }}
        search={q ? { q } : {}}
        aria-current={row === PROOF ? 'page' : undefined}
        className={tabClass(row === PROOF)}
      >
        {words.proofTitle}
      </Link>
    </Tabs>
  )
  const verify = (): void =>
    void navigate({ to: '/audit/{-$row}', params: { row: PROOF }, search: { ...(q ? { q } : {}), ask: 'verify' } })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{words.title}</h1>
      {row === PROOF ? (
        <Proof tabs={tabs} verification={verification} draws={draws} exported={exported} />
      ) : (
        <AuditLog tabs={tabs} row={row} written={q} onVerify={verify} />
      )}
    </div>
  )
}
