/** People as the store offers them: what they are is asked of the reader, what becomes of them of the writer. */

import type { UserStore } from '../../users.ts'
import { joined } from '../thread/remote.ts'
import type { Reader, Writer } from '../threads/threads.ts'
import { UserReader } from './reader.ts'
import { UserWriter } from './writer.ts'

export function createUsers(writer: Writer, reader: Reader, now: () => number): UserStore {
  const users = joined([UserReader, reader.users], [UserWriter, writer.users])
  return {
    ...users,
    add: (person, entry) => users.add({ ...person, createdAt: now() }, entry),
    remove: (id, entry) => users.remove(id, now(), entry),
    setRole: (id, role, entry, account) => users.setRole({ id, role, account }, now(), entry),
  }
}
