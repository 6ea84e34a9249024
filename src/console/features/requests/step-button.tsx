/** The button of a step: pressed, or closed with what stands in the way. */

import { useContext } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useMayWork } from '../../components/desk.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { obstacleOf, type Step } from './path.ts'
import { MarkContext } from './stage.tsx'

export interface StepButtonProps {
  request: RequestDetail
  step: Step
  /** key that does the same */
  name?: string
  onClick: () => void
  children: string
}

/** Absent where the role may not, and where it is not the stage's turn. */
export function StepButton({ request, step, name, onClick, children }: StepButtonProps) {
  const mayWork = useMayWork()
  const mark = useContext(MarkContext)
  const obstacle = obstacleOf(request, step)
  if (!mayWork || obstacle === undefined || (obstacle !== '' && mark !== 'now')) return null
  const button = (
    <Button
      small
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
