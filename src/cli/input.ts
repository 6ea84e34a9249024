/** What commands ask: passwords and yes or no. */

import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Failure } from './failure.ts'

/** Whether a person sits at the terminal. */
export function isInteractive(): boolean {
  return Boolean(process.stdin.isTTY && process.stderr.isTTY)
}

/** Asks on the terminal. The answer is not shown when `hidden`. */
async function ask(question: string, hidden: boolean): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const output = hidden ? silent : process.stderr
  process.stderr.write(hidden ? question : '')
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  terminal.on('SIGINT', () => process.exit(1))
  try {
    return await terminal.question(hidden ? '' : question)
  } finally {
    terminal.close()
    if (hidden) process.stderr.write('\n')
  }
}

async function readStandardInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += String(chunk)
  return text.replace(/\r?\n$/, '')
}

/** A password: all of standard input (one line end is taken off), or typed twice at the terminal. */
export async function readPassword(fromStandardInput: boolean): Promise<string> {
  if (fromStandardInput) return readStandardInput()
  if (!isInteractive()) throw new Failure('there is no terminal to ask for the password: use --password-stdin')
  const first = await ask('Password: ', true)
  if (first !== (await ask('Once more: ', true))) throw new Failure('the two passwords differ: try again')
  return first
}

/** A secret there is already: typed once at the terminal. */
export async function readSecret(question: string, otherwise: string): Promise<string> {
  if (!isInteractive()) throw new Failure(`there is no terminal to ask for the passphrase: use ${otherwise}`)
  return ask(question, true)
}

/** The lines of standard input. */
export async function readLines(): Promise<string[]> {
  return (await readStandardInput()).split(/\r?\n/)
}

/** Whether the person says yes. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `, false)).trim())
}

/** A line of text. */
export async function askLine(question: string): Promise<string> {
  return (await ask(question, false)).trim()
}
