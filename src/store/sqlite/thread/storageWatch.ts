/**
 * Looks once a second whether the data folder is still the one that was opened, and how much room is left beside it. Bytes
 * written to a file whose name is gone are lost with the process, though every write of them succeeds.
 */

import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Reserve, StorageRefusal, type StorageReport, type StorageState } from '../../storage.ts'

const LOOK_MS = 1000
/** Bytes of a file that is given up when the disk is full to the last byte: what the relay needs to empty its queue. */
const BALLAST_BYTES = 8 * 1024 * 1024
/** With less room than this the ballast is given up. */
const LAST_BYTES = 1024 * 1024

interface Identity {
  device: number
  inode: number
}

export interface StorageWatch {
  report(): StorageReport
  /** @throws StorageRefusal when no new mail can be stored */
  mustBeWell(): void
  /** Takes note that a write failed for good. */
  failed(): void
  stop(): Promise<void>
}

async function identityOf(path: string): Promise<Identity | undefined> {
  try {
    const { dev, ino } = await stat(path)
    return { device: dev, inode: ino }
  } catch {
    // deleted, unmounted, or a disk that cannot be read
    return undefined
  }
}

function ballastFile(folder: string): string {
  return join(folder, 'ballast')
}

/** Makes room for opening a store on a disk that is full to the last byte. */
export async function makeRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < LAST_BYTES) rmSync(ballastFile(folder), { force: true })
}

class Watch implements StorageWatch {
  private readonly folder: string
  private readonly reserve: Reserve | undefined
  private readonly known: Identity | undefined
  private readonly timer: NodeJS.Timeout
  private state: StorageState = 'well'
  private freeBytes = 0
  private reserveBytes = 0
  private hasBallast: boolean
  private looking: Promise<void> = Promise.resolve()

  constructor(folder: string, reserve: Reserve | undefined, known: Identity | undefined) {
    this.folder = folder
    this.reserve = reserve
    this.known = known
    this.hasBallast = existsSync(ballastFile(folder))
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look())
    }, LOOK_MS).unref()
  }

  report(): StorageReport {
    return { state: this.state, freeBytes: this.freeBytes, reserveBytes: this.reserveBytes }
  }

  mustBeWell(): void {
    if (this.state !== 'well') throw new StorageRefusal(this.state)
  }

  failed(): void {
    this.state = 'failed'
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.looking
  }

  /** Never rejects: what cannot be looked at is gone. */
  async look(): Promise<void> {
    if (this.state === 'failed') return
    const found = await identityOf(join(this.folder, 'mailward.db'))
    if (found?.inode !== this.known?.inode || found?.device !== this.known?.device) {
      this.state = 'gone'
      return
    }
    const isFull = this.reserve !== undefined && (await this.isFull(this.reserve))
    this.state = isFull ? 'full' : 'well'
  }

  private async isFull(reserve: Reserve): Promise<boolean> {
    const found = await statfs(this.folder).catch(() => undefined)
    if (!found) return false
    this.freeBytes = found.bavail * found.bsize
    this.reserveBytes = Math.min(reserve.bytes, Math.floor((found.blocks * found.bsize * reserve.percent) / 100))
    this.keepBallast()
    // what giving up the ballast has freed is for the mail that is there
    return this.freeBytes < this.reserveBytes + (this.hasBallast ? 0 : BALLAST_BYTES)
  }

  /** Made while there is room, given up when there is none. */
  private keepBallast(): void {
    const file = ballastFile(this.folder)
    try {
      if (this.freeBytes < LAST_BYTES) {
        rmSync(file, { force: true })
        this.hasBallast = false
      } else if (!this.hasBallast && this.freeBytes - BALLAST_BYTES > this.reserveBytes) {
        writeFileSync(file, Buffer.alloc(BALLAST_BYTES, 1), { mode: 0o600 })
        this.hasBallast = true
      }
    } catch {
      // the room went in between: there will be another look
      rmSync(file, { force: true })
    }
  }
}

/**
 * Starts watching an open data folder.
 * @param reserve undefined: room is not looked at
 */
export async function watchStorage(folder: string, reserve: Reserve | undefined): Promise<StorageWatch> {
  const watch = new Watch(folder, reserve, await identityOf(join(folder, 'mailward.db')))
  await watch.look()
  return watch
}
