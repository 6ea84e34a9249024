/** Entry of the store's worker threads: writer, history, reader. */

import { parentPort, workerData } from 'node:worker_threads'
import { startHistory } from './history/history.ts'
import type { WorkerData } from './protocol.ts'
import { startReader } from './reader/reader.ts'
import { startWriter } from './writer/writer.ts'

const data = workerData as WorkerData
const start = { writer: startWriter, history: startHistory, reader: startReader }[data.role]
start(parentPort!, data)
