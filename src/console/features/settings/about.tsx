/** What this is, and in which version. */

import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api.ts'
import { text } from '../../text.ts'
import { Brand } from '../../ui/brand.tsx'
import { Card, Row } from './section.tsx'

const words = text.settings.about

export function About() {
  const { queries } = useApi()
  const status = useQuery(queries.status.get.queryOptions())
  return (
    <>
      <div className="mb-4 flex items-center gap-3">
        <Brand size={40} />
        <div>
          <h2 className="font-semibold text-lg tracking-[-0.01em]">{text.product}</h2>
          <p className="text-dim">{words.licence}</p>
        </div>
      </div>
      <Card>
        <Row label={words.relay}>
          <span className="mono">{status.data?.version ?? text.common.dash}</span>
        </Row>
        <Row label={words.shell}>
          <span className="mono">{window.mailward?.version ?? words.browser}</span>
        </Row>
      </Card>
      <p className="mt-4 text-dim">{words.promise}</p>
    </>
  )
}
