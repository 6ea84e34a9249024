/** `mailward key …`: the seal key, which opens samples. */

import type { Command } from 'commander'
import type { SealKeyView } from '../../contract/keys.ts'
import { Failure } from '../failure.ts'
import { readLines, readPassword, readSecret } from '../input.ts'
import { counted, localTime, printable, printDocument, printLine } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand, addGroup } from './common.ts'

interface RotateOptions extends CommonOptions {
  reason: string
  passphraseStdin?: boolean
  newPassphrase?: boolean
  newPassphraseStdin?: boolean
  withoutPassphrase?: boolean
}

const custodies: Record<SealKeyView['keys'], string> = {
  file: 'in a file, without a passphrase',
  passphrase: 'in a file, under a passphrase',
  keychain: 'in the keychain of this computer',
  missing: 'missing: samples cannot be opened',
}

function print(key: SealKeyView): void {
  printLine(`seal key  ${key.id}`)
  printLine(`since     ${localTime(key.createdAt)}`)
  printLine(`kept      ${custodies[key.keys]}`)
  if (key.place !== null) printLine(`file      ${printable(key.place)}`)
  printLine(`wraps     ${counted(key.days, 'day', 'days')}`)
}

/** The present passphrase and the new one. Both from standard input: one line each, the present one first. */
async function readPassphrases(
  options: RotateOptions,
  keys: SealKeyView['keys'],
): Promise<{ passphrase?: string; newPassphrase?: string }> {
  const fromInput = options.passphraseStdin || options.newPassphraseStdin
  const lines = fromInput ? await readLines() : []
  const answer: { passphrase?: string; newPassphrase?: string } = {}
  if (options.passphraseStdin) answer.passphrase = lines.shift() ?? ''
  else if (keys === 'passphrase')
    answer.passphrase = await readSecret('Passphrase of the seal key: ', '--passphrase-stdin')
  if (options.newPassphraseStdin) answer.newPassphrase = lines.shift() ?? ''
  else if (options.newPassphrase) answer.newPassphrase = await readPassword(false)
  else if (options.withoutPassphrase) answer.newPassphrase = ''
  if ((options.newPassphrase || options.newPassphraseStdin) && !answer.newPassphrase)
    throw new Failure('the new passphrase is empty: give one, or use --without-passphrase')
  return answer
}

export function addKeyCommands(program: Command): void {
  const key = addGroup(program, 'key', 'The seal key, which opens samples')

  addCommand(key, 'status', 'Show which seal key is in force and where it is kept').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const found = await client.keys.sealKey()
      if (options.json) printDocument(found)
      else print(found)
    }),
  )

  addCommand(key, 'rotate', 'Replace the seal key; samples stay readable with the new one only')
    .requiredOption('--reason <TEXT>', 'why, for the audit log')
    .option('--passphrase-stdin', 'read the present passphrase from standard input, first line')
    .option('--new-passphrase', 'protect the new key with a passphrase, asked for at the terminal')
    .option('--new-passphrase-stdin', 'read the new passphrase from standard input, next line')
    .option('--without-passphrase', 'keep the new key in a file that its owner can read')
    .action((options: RotateOptions) =>
      withRelay(options, async (client) => {
        const { keys } = await client.keys.sealKey()
        const passphrases = await readPassphrases(options, keys)
        const rotated = await client.keys.rotateSealKey({ ...passphrases, reason: options.reason })
        if (options.json) printDocument(rotated)
        else print(rotated)
      }),
    )
}
