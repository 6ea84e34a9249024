/** CPU time, memory and life of processes, read from /proc. */

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

interface Stat {
  parent: number
  /** own CPU, milliseconds */
  own: number
  /** CPU of children that have ended, milliseconds */
  ended: number
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ms = (i: number): number => (Number(fields[i]) * 1000) / TICKS
    return { parent: Number(fields[1]), own: ms(11) + ms(12), ended: ms(13) + ms(14) }
  } catch {
    return undefined
  }
}

/** A process and everything below it. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined
    if (stat) parents.set(Number(name), stat.parent)
  }
  const family = [pid]
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child)
  return family
}

/** CPU milliseconds a process and its family have used, ended children included. */
export function cpuOf(pid: number): number {
  return familyOf(pid).reduce((sum, member) => {
    const stat = statOf(member)
    return sum + (stat ? stat.own + stat.ended : 0)
  }, 0)
}

/** Memory of a process and its family now, in MB: proportional set size, so that shared pages count once. */
export function memoryOf(pid: number): number {
  const kilobytes = familyOf(pid).reduce((sum, member) => {
    try {
      const rollup = readFileSync(`/proc/${member}/smaps_rollup`, 'utf8')
      return sum + Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
    } catch {
      return sum
    }
  }, 0)
  return kilobytes / 1000
}

/** Waits until something answers on a port of 127.0.0.1. */
export async function waitForPort(port: number, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port} after ${timeoutMs} ms`)
}

/** The path of a program, or undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  return places.map((place) => `${place}/${name}`).find((path) => existsSync(path))
}
