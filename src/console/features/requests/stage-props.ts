/** What every stage on the path of a request is given. */

import type { RequestDetail } from '../../../contract/requests.ts'
import type { RequestMutations } from './orders.ts'
import type { Mark } from './path.ts'

export interface StageProps {
  request: RequestDetail
  mark: Mark
  orders: RequestMutations
}
