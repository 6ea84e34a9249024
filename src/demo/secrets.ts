/** The demo's passwords: made once, beside its data, so that a second start finds its person and customers again. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../base/durableFile.ts'

const shape = z.object({
  /** of the person who looks at the demo */
  person: z.string(),
  /** of both customers' credentials */
  customers: z.string(),
})
export type Secrets = z.infer<typeof shape>

/** Reads the passwords of a demo folder, or makes them. */
export async function openSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, 'passwords.json')
  if (existsSync(path)) return shape.parse(JSON.parse(await readFile(path, 'utf8')))
  const made = { person: randomBytes(9).toString('base64url'), customers: randomBytes(18).toString('base64url') }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeDurably(path, `${JSON.stringify(made, undefined, 2)}\n`, 0o600)
  return made
}
