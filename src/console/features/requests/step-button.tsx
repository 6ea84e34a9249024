/** The button of a step: pressed, or closed with what stands in the way. */

import type { RequestDetail } from '../../../contract/requests.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { useMayWork } from './data.ts'
import { obstacleOf, type Step } from './path.ts'

export interface StepButtonProps {
  request: RequestDetail
  step: Step
  /** the one thing that comes next */
  primary?: boolean
  /** key that does the same */
  name?: string
  onClick: () => void
  children: string
}

/** Absent where the role may not, or the step is over. */
export function StepButton({ request, step, primary, name, onClick, children }: StepButtonProps) {
  const mayWork = useMayWork()
  const obstacle = obstacleOf(request, step)
  if (!mayWork || obstacle === undefined) return null
  const button = (
    <Button
      small
      kind={primary && obstacle === '' ? 'primary' : 'plain'}
      aria-disabled={obstacle !== '' || undefined}
      onClick={() => obstacle === '' && onClick()}
      className={obstacle === '' ? undefined : 'cursor-default text-faint! hover:bg-raised!'}
    >
      {children}
    </Button>
  )
  return (
    <Hint text={obstacle || children.replace('…', '')} shortcut={obstacle === '' ? name : undefined}>
      {button}
    </Hint>
  )
}
