/** The state of a version of the policy. */

import type { PolicyVersionView } from '../../../../contract/policy.ts'
import { text } from '../../../text.ts'
import { classes } from '../../../ui/classes.ts'

const words = text.settings.versions

const looks: Record<PolicyVersionView['state'], string> = {
  draft: 'bg-info-s text-info',
  announced: 'bg-wait-s text-wait',
  'in force': 'bg-ok-s text-ok',
  replaced: 'bg-sunken text-dim',
  withdrawn: 'bg-sunken text-dim',
}

export function VersionState({ state }: { state: PolicyVersionView['state'] }) {
  return (
    <span
      title={words.stateHelp[state]}
      className={classes('inline-block rounded-sm px-1.5 font-[550] text-sm whitespace-nowrap', looks[state])}
    >
      {words.state[state]}
    </span>
  )
}
