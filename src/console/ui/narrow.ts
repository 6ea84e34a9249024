/** Whether the page is as narrow as a phone. */

import { useSyncExternalStore } from 'react'

/** Tailwind's `md` begins at 768 pixels. */
const query = '(max-width: 767px)'

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
