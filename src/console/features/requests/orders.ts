/** What a person can do with a request: the dialogs it opens, and what is done at once. */

import type { RequestDetail } from '../../../contract/requests.ts'
import type { Step } from './path.ts'

type Package = RequestDetail['dataExports'][number]

export type RequestDialog =
  | { kind: 'code' | 'enter' | 'evidence' | 'forward' | 'decide' | 'execute' }
  | { kind: 'answer'; link?: string }
  | { kind: 'note' | 'extend' | 'refuse' | 'close' | 'change' | 'order' }
  | { kind: 'read' | 'review' | 'hand over' | 'destroy'; file: Package }

export interface RequestMutations {
  ask: (dialog: RequestDialog) => void
  search: () => void
  cancelSearch: () => void
  take: () => void
  /** takes a step as far as it can be taken */
  step: (step: Step) => void
}
