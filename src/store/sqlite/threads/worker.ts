/** Entry of the store's worker threads: writer, history, reader, and one for a backup while it is made. */

import { parentPort, workerData } from 'node:worker_threads'
import { startBackup } from '../backup/write.ts'
import type { WorkerData } from '../thread/protocol.ts'
import { startHistory } from './history.ts'
import { startReader } from './reader.ts'
import { startWriter } from './writer.ts'

const data = workerData as WorkerData
const start = { writer: startWriter, history: startHistory, reader: startReader, backup: startBackup }[data.role]
start(parentPort!, data)
