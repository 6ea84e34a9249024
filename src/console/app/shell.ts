/** What the desktop tells the page. */

import { useEffect, useState } from 'react'

/** The one-time token of a fresh local relay, when the desktop knows one. */
export function useFirstToken(): string | undefined {
  const [token, setToken] = useState<string>()
  useEffect(() => window.mailward?.onState((state) => setToken(state.firstToken ?? undefined)), [])
  return token
}
