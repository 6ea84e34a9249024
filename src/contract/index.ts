/** The typed API of the relay: what console, command line and scripts may ask of it. One file per feature. */

import { accounts } from './accounts.ts'
import { messages } from './messages.ts'
import { queue } from './queue.ts'
import { routes } from './routes.ts'
import { people, session } from './session.ts'
import { status } from './status.ts'

export const contract = { session, people, status, messages, queue, accounts, routes }
