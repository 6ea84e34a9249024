/** Finds imports that break the rooms and arrows of the design. Pure: works on texts, wherever they come from. */

import { posix } from 'node:path'
import { type Import, importsOf } from './imports.ts'
import { consoleLayers, fences, halls, type Room, rooms } from './rooms.ts'
import { threadProblems } from './threads.ts'

/** Texts of source files by path from the checkout's root, such as `src/model/id.ts`. */
export type Sources = ReadonlyMap<string, string>

/** Every broken rule as `path:line: what is wrong`, sorted; none when all is well. */
export function violations(sources: Sources): string[] {
  const arrows = new Map<string, string[]>()
  const found: string[] = []
  for (const [path, text] of sources) {
    found.push(...threadProblems(path, text))
    const targets: string[] = []
    for (const entry of importsOf(path, text)) {
      const target = inside(path, entry)
      const problem = target === undefined ? outsideProblem(path, entry) : insideProblem(path, target, entry, sources)
      if (problem) found.push(`${path}:${entry.line}: ${problem}`)
      if (target !== undefined) targets.push(target)
    }
    arrows.set(path, targets)
  }
  return [...found, ...cycles(arrows)].sort()
}

/** The imported file's path when it is one of ours, whatever is written behind a `?`. */
function inside(path: string, entry: Import): string | undefined {
  if (!entry.source?.startsWith('.')) return undefined
  return posix.join(posix.dirname(path), entry.source.replace(/\?.*$/, ''))
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function outsideProblem(path: string, entry: Import): string | undefined {
  const name = roomOf(path)
  const room = rooms[name]
  if (!room) return `src/${name} is no room of the design`
  if (entry.source === undefined) return room.computedImports ? undefined : `${name} may not import a computed path`
  if (entry.source.startsWith('node:')) return nodeProblem(name, room, entry.source)
  return packageProblem(path, name, room, entry.source)
}

function nodeProblem(name: string, room: Room, source: string): string | undefined {
  if (room.node === 'none') return `${name} may not import ${source}: it knows no Node`
  const module = source.slice('node:'.length).split('/')[0]!
  return room.node.except.includes(module) ? `${name} may not import ${source}` : undefined
}

function packageProblem(path: string, name: string, room: Room, source: string): string | undefined {
  const parts = source.split('/')
  const wanted = source.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!
  if (!room.packages.includes(wanted)) return `${name} may not import the package ${wanted}`
  const fence = fences.find((each) => each.package === wanted)
  return fence && !path.startsWith(fence.folder) ? `only ${fence.folder} may import ${wanted}` : undefined
}

function insideProblem(path: string, target: string, entry: Import, sources: Sources): string | undefined {
  if (!target.startsWith('src/')) return outOfSourceProblem(path, target, entry)
  const [from, to] = [roomOf(path), roomOf(target)]
  const arrow = from === to ? layerProblem(path, target) : arrowProblem(from, to, target, entry)
  return arrow ?? (exists(target, sources) ? undefined : `there is no ${target}`)
}

function outOfSourceProblem(path: string, target: string, entry: Import): string | undefined {
  const allowed = target === 'package.json' && rooms[roomOf(path)]?.version
  return allowed ? undefined : `${entry.source} leads out of src`
}

/** Anything but TypeScript (a style sheet, a picture) is the bundler's to find. */
function exists(target: string, sources: Sources): boolean {
  return /\.tsx?$/.test(target) ? sources.has(target) : /\.[a-z0-9]+$/.test(target)
}

function arrowProblem(from: string, to: string, target: string, entry: Import): string | undefined {
  const room = rooms[from]
  if (room?.types?.includes(to) && !room.rooms.includes(to)) {
    return entry.typeOnly ? undefined : `${from} may import only types of ${to}`
  }
  if (!room?.rooms.includes(to)) return `${from} may not import ${to}`
  const hall = halls[to]
  const isInside = hall !== undefined && target.slice(hall.length).includes('/')
  return isInside ? `${from} may import of ${to} only what lies right in ${hall}` : undefined
}

interface Place {
  /** 0 for app, growing towards ui; 3 for what lies beside them */
  depth: number
  layer: string
  feature: string | undefined
}

function placeOf(path: string): Place {
  const [, , layer = '', name] = path.split('/')
  const index = consoleLayers.indexOf(layer)
  return { depth: index < 0 ? consoleLayers.length : index, layer, feature: layer === 'features' ? name : undefined }
}

function layerProblem(path: string, target: string): string | undefined {
  if (roomOf(path) !== 'console') return undefined
  const [from, to] = [placeOf(path), placeOf(target)]
  if (from.depth > to.depth) return `console/${from.layer} may not import console/${to.layer}`
  if (from.feature !== undefined && to.feature !== undefined && from.feature !== to.feature) {
    return `feature ${from.feature} may not import feature ${to.feature}`
  }
  return undefined
}

/**
 * Each import cycle once, named by its files in order. Types count: files that need each other's types cannot be
 * understood or moved one by one either.
 */
function cycles(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const trail: string[] = []
  const found: string[] = []
  function walk(path: string): void {
    const start = trail.indexOf(path)
    if (start >= 0) found.push(`${path}:1: import cycle ${[...trail.slice(start), path].join(' → ')}`)
    if (start >= 0 || done.has(path)) return
    trail.push(path)
    for (const target of arrows.get(path) ?? []) walk(target)
    trail.pop()
    done.add(path)
  }
  for (const path of arrows.keys()) walk(path)
  return found
}
