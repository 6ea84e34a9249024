/** After the login of a person whose second factor was reset meanwhile: who did it, and what to do. */

import { momentInText } from '../format.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Page } from './page.tsx'

const words = text.reset

export interface SecondFactorReset {
  at: string
  /** e-mail address, or `local` for the owner of the data folder */
  by: string
}

export function ResetNotice({ reset, onRead }: { reset: SecondFactorReset; onRead: () => void }) {
  const who = reset.by === 'local' ? words.owner : reset.by
  return (
    <Page title={words.title} help={words.help(who, momentInText(reset.at, Date.now()))} wide>
      <p className="rounded-md bg-sunken px-3 py-2.5">{words.check}</p>
      <Button kind="primary" className="h-8 justify-self-center px-6" autoFocus onClick={onRead}>
        {words.go}
      </Button>
    </Page>
  )
}
