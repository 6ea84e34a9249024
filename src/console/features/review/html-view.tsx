/** The HTML part of an opened sample, in a frame that may do nothing: no scripts, no origin, no requests. */

import { useMemo } from 'react'
import { text } from '../../text.ts'
import { Note } from '../../ui/note.tsx'
import { sanitise } from './sanitise.ts'

const words = text.review.viewer

/** The frame's own policy: only inline looks, and pictures that are part of the message. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"

/** Paper is white, as the sender saw it. Nothing can be selected: copies are not to be made by the way. */
const LOOK = `
  :root { color-scheme: light; }
  body { margin: 0; padding: 16px 18px 40px; background: #fff; color: #1b1d1c; font: 14px/1.5 system-ui, sans-serif;
    user-select: none; -webkit-user-select: none; overflow-wrap: anywhere; }
  img { max-width: 100%; height: auto; }
  table { max-width: 100%; }
  code { font: 12px/1.4 ui-monospace, monospace; color: #8a5c00; background: #fcf3dd; border-radius: 3px; padding: 0 3px; }
  @media print { body { display: none; } }
`

function pageOf(html: string): string {
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
    `<title>${words.htmlFrame}</title><style>${LOOK}</style></head><body>`,
    html,
    '</body></html>',
  ].join('')
}

export function HtmlView({ html }: { html: string }) {
  const page = useMemo(() => {
    const made = sanitise(html)
    return made.kind === 'html' ? pageOf(made.html) : undefined
  }, [html])
  if (page === undefined)
    return (
      <Note tone="warning" className="m-[18px]">
        {words.htmlTooLarge}
      </Note>
    )
  return (
    <iframe
      title={words.htmlFrame}
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={page}
      className="size-full border-0 bg-white"
    />
  )
}
