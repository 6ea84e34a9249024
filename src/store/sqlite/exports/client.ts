/** Packages as the store offers them. */

import type { DataExportStore } from '../../exports.ts'
import type { Channel } from '../thread/channel.ts'

/** Builds the part of the store that keeps track of packages. */
export function createExportRows(writer: Channel, reader: Channel): DataExportStore {
  return {
    list: (request) => reader.call('dataExports', request),
    get: (id) => reader.call('package', id),
    content: (id, at) => reader.call('exportContent', [id, at]),
    add: (made, actor, at) => writer.call('addExport', [made, actor, at]),
    read: (id, actor, at) => writer.call('readExport', { id, actor, at }),
    review: (id, note, actor, at) => writer.call('reviewExport', [{ id, actor, at }, note]),
    handOver: (id, handed, actor, at) => writer.call('handOverExport', [{ id, actor, at }, handed]),
    take: (linkHash, at) => writer.call('takeExport', [linkHash, at]),
    destroy: (id, actor, at) => writer.call('destroyExport', { id, actor, at }),
    expire: (at) => writer.call('expireExports', at),
    files: () => reader.call('exportFiles', undefined),
  }
}
