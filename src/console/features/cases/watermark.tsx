/** Who looks, and when, repeated across the content: a photograph of the screen tells it. */

import { useMemo } from 'react'

const STEP_X = 430
const STEP_Y = 150

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** One tile of the pattern, as a picture. The grey stands out a little on light and on dark. */
function tile(words: string): string {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${STEP_X}" height="${STEP_Y}">` +
    `<text x="10" y="${STEP_Y - 30}" transform="rotate(-14 10 ${STEP_Y - 30})" font-family="system-ui, sans-serif" ` +
    `font-size="13" fill="#7d7f7e" fill-opacity="0.3">${escaped(words)}</text></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}

export function Watermark({ words }: { words: string }) {
  const backgroundImage = useMemo(() => tile(words), [words])
  return <div aria-hidden className="pointer-events-none absolute inset-0 z-10" style={{ backgroundImage }} />
}
