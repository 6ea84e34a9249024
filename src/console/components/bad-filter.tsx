/** Says which part of a written filter cannot be used, and why. */

import { text } from '../text.ts'

export function BadFilter({ token, problem }: { token: string; problem: string }) {
  return (
    <div role="alert" className="border-line border-b bg-bad-s px-4 py-1.5">
      <b className="font-[550]">{text.filter.badToken(token, problem)}</b>{' '}
      <span className="text-dim">{text.filter.ignored}</span>
    </div>
  )
}
