/** What stands in the frame of an opened sample's HTML part. */

import { text } from '../../text.ts'
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

/** The page that is put into the frame, made of a stranger's HTML; undefined when that is too large to be shown. */
export function framePage(untrusted: string): string | undefined {
  const made = sanitise(untrusted)
  if (made.kind !== 'html') return undefined
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
    `<title>${words.htmlFrame}</title><style>${LOOK}</style></head><body>`,
    made.html,
    '</body></html>',
  ].join('')
}
