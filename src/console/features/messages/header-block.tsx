/** The header block of a message: decoded for reading, raw for proof. */

import { useState } from 'react'
import { text } from '../../text.ts'
import { Segments } from '../../ui/choice.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { parseHeaders } from './headers.ts'

type View = 'decoded' | 'raw'

export function Headers({ raw }: { raw: string }) {
  const [view, setView] = useState<View>('decoded')
  return (
    <>
      <div className="mt-5 mb-2 flex items-center gap-1.5">
        <h3 className="section-title mr-auto">{text.message.headers}</h3>
        <CopyButton value={raw} label={text.message.copyHeaders} />
        <Segments
          label={text.message.headersView}
          value={view}
          onChange={setView}
          options={[
            { value: 'decoded', label: text.message.decoded },
            { value: 'raw', label: text.message.raw },
          ]}
        />
      </div>
      {view === 'raw' ? (
        <pre className="overflow-x-auto whitespace-pre rounded-md border border-line bg-sunken px-2.5 py-2 font-mono text-[11.5px] leading-[18px] select-text">
          {raw.trimEnd()}
        </pre>
      ) : (
        <dl className="grid gap-1 rounded-md border border-line bg-sunken px-2.5 py-2 font-mono text-[11.5px] leading-[18px]">
          {parseHeaders(raw).map((field, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order of header fields is part of what they say
            <div key={index} className="break-words">
              <dt className="inline text-faint">{field.name}: </dt>
              <dd className="inline select-text">{field.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
