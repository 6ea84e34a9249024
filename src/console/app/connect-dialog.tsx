/** In the desktop: which relay this console belongs to. */

import { useState } from 'react'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

/** What the shell says is wrong with an address, without what Electron puts before it. */
function wordsOf(error: unknown): string {
  return String(error).replace(/^.*?Error invoking remote method '[^']*': (?:\w*Error: )?/, '')
}

export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('')
  const [problem, setProblem] = useState<string>()
  const fits = url !== ''
  const go = (target: string | null): void => {
    window.mailward?.connectTo(target).then(onClose, (error: unknown) => setProblem(wordsOf(error)))
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.connect.title}
      description={text.connect.help}
      footer={
        <>
          <Button className="mr-auto" onClick={() => go(null)}>
            {text.nav.connectLocal}
          </Button>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="primary" disabled={!fits} onClick={() => go(url)}>
            {text.connect.go}
          </Button>
        </>
      }
    >
      <form
        className="px-5 pt-2 pb-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (fits) go(url)
        }}
      >
        <Field
          label={text.connect.address}
          mono
          placeholder={text.connect.placeholder}
          value={url}
          problem={problem}
          onChange={(event) => {
            setUrl(event.target.value.trim())
            setProblem(undefined)
          }}
        />
      </form>
    </Dialog>
  )
}
