/** What a person sees whom policy asks for a second factor: the way to one, and the way out. */

import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../api.ts'
import { SecondFactorSetUp } from '../components/second-factor.tsx'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Page } from './page.tsx'
import { useLogout } from './session.ts'

/** @param onDone called when there is one, and the relay has said so */
export function SetUp({ onDone }: { onDone: () => void }) {
  const { queries } = useApi()
  const cache = useQueryClient()
  const logOut = useLogout()
  const leave = async (): Promise<void> => {
    await cache.invalidateQueries({ queryKey: queries.session.key() })
    onDone()
  }
  return (
    <Page title={text.setUp.title} help={text.setUp.help} wide>
      <SecondFactorSetUp onDone={() => void leave()} />
      <Button kind="ghost" onClick={() => void logOut()}>
        {text.setUp.logOut}
      </Button>
    </Page>
  )
}
