/** What the person, or a test, may decide on the command line of the desktop application. */

import { readRelayAddress } from './relay/address.ts'

/** Options of `mailward serve` that the desktop application takes as well and hands on. */
const handedOn: readonly string[] = ['data', 'smtp', 'smtps', 'console', 'key-file', 'tls-cert', 'tls-key', 'log']

export interface Options {
  /** origin of a relay elsewhere, for this run only; nothing is remembered */
  relay: string | undefined
  /** session at that relay, for this run only */
  session: string | null
  /** configuration of the relay of this computer, in the form `mailward serve` takes it */
  serve: string[]
  /** what could not be obeyed, in plain words */
  problem: string | undefined
}

function valuesOf(words: readonly string[], name: string): string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith(`--${name}=`)) return [word.slice(name.length + 3)]
    const next = words[index + 1]
    return word === `--${name}` && next !== undefined ? [next] : []
  })
}

/**
 * Reads `--relay URL` (or MAILWARD_RELAY_URL, with MAILWARD_RELAY_SESSION) and the options for the relay.
 * Words it does not know are Chromium's and left alone.
 */
export function readOptions(words: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const given = valuesOf(words, 'relay')[0] ?? environment.MAILWARD_RELAY_URL
  const address = given ? readRelayAddress(given) : undefined
  const serve = handedOn.flatMap((name) => valuesOf(words, name).flatMap((value) => [`--${name}`, value]))
  return {
    relay: address?.ok ? address.url : undefined,
    session: environment.MAILWARD_RELAY_SESSION ?? null,
    // the console is here, over a MessagePort: no port for it unless one is asked for
    serve: serve.includes('--console') ? serve : [...serve, '--console', 'none'],
    problem: address && !address.ok ? `${given}: ${address.problem}` : undefined,
  }
}
