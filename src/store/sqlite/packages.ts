/** Packages as the store offers them. */

import type { PackageStore } from '../packages.ts'
import type { Channel } from './channel.ts'

/** Builds the part of the store that keeps track of packages. */
export function createPackageRows(writer: Channel, reader: Channel): PackageStore {
  return {
    list: (request) => reader.call('packages', request),
    get: (id) => reader.call('package', id),
    content: (id, at) => reader.call('packageContent', [id, at]),
    add: (made, actor, at) => writer.call('addPackage', [made, actor, at]),
    read: (id, actor, at) => writer.call('readPackage', { id, actor, at }),
    review: (id, note, actor, at) => writer.call('reviewPackage', [{ id, actor, at }, note]),
    handOver: (id, handed, actor, at) => writer.call('handOverPackage', [{ id, actor, at }, handed]),
    take: (linkHash, at) => writer.call('takePackage', [linkHash, at]),
    destroy: (id, actor, at) => writer.call('destroyPackage', { id, actor, at }),
    expire: (at) => writer.call('expirePackages', at),
    files: () => reader.call('packageFiles', undefined),
  }
}
