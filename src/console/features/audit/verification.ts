/** The two checks of the log: begun, cancelled, and what they found. */

import { useRef, useState } from 'react'
import type { Checkpoint, SamplingReplayResult, VerificationResult } from '../../../contract/audit.ts'
import { type Client, type Problem, problemOf, useApi } from '../../api.ts'

export type CheckState<V> =
  | { kind: 'idle' }
  /** milliseconds, Unix time */
  | { kind: 'running'; since: number }
  | { kind: 'done'; verdict: V; at: number; since: number }
  | { kind: 'failed'; problem: Problem }

export interface Check<V, I> {
  state: CheckState<V>
  start: (input: I) => void
  cancel: () => void
}

function useCheck<V, I>(call: (client: Client, input: I, signal: AbortSignal) => Promise<V>): Check<V, I> {
  const { client } = useApi()
  const [state, setState] = useState<CheckState<V>>({ kind: 'idle' })
  const running = useRef<AbortController>(undefined)
  return {
    state,
    start(input) {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      const since = Date.now()
      setState({ kind: 'running', since })
      call(client, input, controller.signal).then(
        (verdict) => {
          if (!controller.signal.aborted) setState({ kind: 'done', verdict, at: Date.now(), since })
        },
        (error: unknown) => {
          if (!controller.signal.aborted) setState({ kind: 'failed', problem: problemOf(error) })
        },
      )
    },
    cancel() {
      running.current?.abort()
      setState({ kind: 'idle' })
    },
  }
}

/** Checkpoints to compare with, and the name of the file they came from. */
export interface Given {
  name: string
  checkpoints: Checkpoint[]
}

export interface Verified {
  verdict: VerificationResult
  /** name of the file compared with */
  given: string | undefined
}

export type Verification = Check<Verified, Given | undefined>

export function useVerification(): Verification {
  return useCheck(async (client, given, signal) => ({
    verdict: await client.audit.verify(given ? { checkpoints: given.checkpoints } : {}, { signal }),
    given: given?.name,
  }))
}

export type Draws = Check<SamplingReplayResult, undefined>

export function useDraws(): Draws {
  return useCheck((client, _, signal) => client.audit.replayDraws(undefined, { signal }))
}
