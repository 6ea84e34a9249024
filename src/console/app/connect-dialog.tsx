/** In the desktop: which relay this console belongs to. */

import { useState } from 'react'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('')
  const fits = /^wss?:\/\/[^\s/]+/.test(url)
  const go = (target: string | null): void => {
    void window.mailward?.connectTo(target).then(onClose)
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
          problem={url !== '' && !fits ? text.connect.invalid : undefined}
          onChange={(event) => setUrl(event.target.value.trim())}
        />
      </form>
    </Dialog>
  )
}
