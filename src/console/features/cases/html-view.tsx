/** The HTML part of an opened sample, in a frame that may do nothing: no scripts, no origin, no requests. */

import { useMemo } from 'react'
import { text } from '../../text.ts'
import { Note } from '../../ui/note.tsx'
import { framePage } from './frame-page.ts'

const words = text.review.viewer

export function HtmlView({ html }: { html: string }) {
  const page = useMemo(() => framePage(html), [html])
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
