/** Where the personal part of a row was erased. */

import { text } from '../../text.ts'

export function Erased() {
  return (
    <span className="text-faint italic" title={text.audit.erasedHelp}>
      {text.audit.erased}
    </span>
  )
}
