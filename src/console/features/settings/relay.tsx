/** The relay: what it listens on, what certificate it shows, and what it has to report. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { problemOf, useApi, useUser } from '../../api.ts'
import { longDay, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Copyable } from '../../ui/copy.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { PublicUrl } from './public-url.tsx'
import { Card, Row, SectionHead } from './section.tsx'

const words = text.settings.relay

function addressOf({ host, port }: { host: string; port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

export function Relay() {
  const { queries } = useApi()
  const { role } = useUser()
  const status = useQuery(queries.status.get.queryOptions())
  if (status.isError) return <ProblemNote {...problemOf(status.error)} onRetry={() => void status.refetch()} />
  if (!status.data) return <SkeletonLines lines={6} />
  const { hostname, startedAt, listeners, certificate, notices } = status.data
  return (
    <>
      <SectionHead title={words.title} />
      <Card>
        <Row label={words.hostname} help={words.hostnameHelp}>
          <Copyable value={hostname} what={words.hostname} />
        </Row>
        {role === 'member' ? null : <PublicUrl />}
        <Row label={words.started}>
          <Time at={startedAt} />
        </Row>
        <Row label={words.listeners}>
          <ul className="grid gap-0.5">
            {listeners.map((listener) => (
              <li key={listener.kind + addressOf(listener)} className="grid grid-cols-[180px_1fr] items-center">
                <Copyable value={addressOf(listener)} what={words.listeners} />
                <span className="text-dim">{words.listenerKind[listener.kind]}</span>
              </li>
            ))}
          </ul>
        </Row>
      </Card>
      <h3 className="section-title mt-6 mb-2">{words.certificate}</h3>
      <Card>
        <Row label={words.subject} help={certificate.selfMade ? words.selfMade : words.given}>
          <span className="mono select-text">{certificate.subject}</span>
        </Row>
        <Row label={words.expires}>
          <span className="num" title={utcTime(certificate.expiresAt)}>
            {longDay(certificate.expiresAt)}
          </span>
        </Row>
        <Row label={words.fingerprint}>
          <Copyable value={certificate.fingerprint} what={words.fingerprint} />
        </Row>
      </Card>
      <h3 className="section-title mt-6 mb-2">{words.notices}</h3>
      <Card>
        {notices.length === 0 ? (
          <p className="px-4 py-3 text-dim">{words.noNotices}</p>
        ) : (
          <ul>
            {notices.map((notice) => (
              <li
                key={notice.at + notice.text}
                className="grid gap-0.5 border-line-soft border-t px-4 py-2.5 first:border-t-0"
              >
                <span>{notice.text}</span>
                <span className="text-faint text-sm">
                  <Time at={notice.at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      {role === 'admin' ? (
        <Link to="/welcome" className="mt-5 inline-block text-accent hover:underline">
          {words.setup}
        </Link>
      ) : null}
    </>
  )
}
