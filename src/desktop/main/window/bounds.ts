/** Where the window was, and where it may be now. Pure. */

/** A rectangle in the screen's own pixels, as Electron's `Rectangle`. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowBounds extends Area {
  maximised: boolean
}

export const SMALLEST = { width: 880, height: 560 }
const USUAL = { width: 1280, height: 800 }

/** How much of the title bar must be in reach, in pixels. */
const GRIP = 80

function overlap(from: number, length: number, start: number, size: number): number {
  return Math.min(from + length, start + size) - Math.max(from, start)
}

/** Whether a person could still take hold of the window's upper edge on this screen. */
function inReach(place: Area, screen: Area): boolean {
  const along = overlap(place.x, place.width, screen.x, screen.width)
  return along >= GRIP && place.y >= screen.y && place.y <= screen.y + screen.height - GRIP
}

/**
 * The place for the window: the remembered one where a screen shows it, never larger than that screen;
 * else the middle of the first screen.
 * @param screens work areas, the primary one first
 */
export function boundWindow(remembered: WindowBounds | undefined, screens: readonly Area[]): WindowBounds {
  if (remembered && isWhole(remembered)) {
    const places = screens.map((screen) => ({ screen, place: fitted(remembered, screen) }))
    const found = places.find(({ screen, place }) => inReach(place, screen))
    if (found) return found.place
  }
  return { ...middle(screens[0] ?? { x: 0, y: 0, ...USUAL }), maximised: remembered?.maximised === true }
}

/** What was read from a file may be anything. */
function isWhole(place: WindowBounds): boolean {
  return [place.x, place.y, place.width, place.height].every(Number.isFinite)
}

function fitted(place: WindowBounds, screen: Area): WindowBounds {
  const width = clamp(place.width, SMALLEST.width, screen.width)
  const height = clamp(place.height, SMALLEST.height, screen.height)
  return { x: place.x, y: place.y, width, height, maximised: place.maximised === true }
}

function middle(screen: Area): Area {
  const width = Math.min(USUAL.width, screen.width)
  const height = Math.min(USUAL.height, screen.height)
  const x = screen.x + Math.round((screen.width - width) / 2)
  return { x, y: screen.y + Math.round((screen.height - height) / 2), width, height }
}

/** A screen smaller than the smallest window still gets that. */
function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
