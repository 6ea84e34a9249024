/** Keeps the space for short-lived objects small: a relay makes many of them, and V8 would let it grow to 100 MB. */

import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Beyond this size the space does not grow any more. Smaller costs throughput, larger buys none. Bytes. */
const LARGEST = 16 * 1024 * 1024
const LOOK_MS = 200

function isLarge(): boolean {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  return space !== undefined && space.space_size >= LARGEST
}

/** Watches the space until it is large enough, then stops its growth. To be called once a process. */
export function boundYoungSpace(): void {
  const timer = setInterval(() => {
    if (!isLarge()) return
    setFlagsFromString('--semi-space-growth-factor=1')
    clearInterval(timer)
  }, LOOK_MS)
  timer.unref()
}
