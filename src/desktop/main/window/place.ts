/** Where the window was, and where it may be now. Pure. */

/** A rectangle in the screen's own pixels, as Electron's `Rectangle`. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowPlace extends Area {
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
export function placeWindow(remembered: WindowPlace | undefined, screens: readonly Area[]): WindowPlace {
  const screen = remembered && screens.find((each) => inReach(remembered, each))
  if (remembered && screen) {
    const width = clamp(remembered.width, SMALLEST.width, screen.width)
    const height = clamp(remembered.height, SMALLEST.height, screen.height)
    return { ...remembered, width, height }
  }
  return { ...middle(screens[0] ?? { x: 0, y: 0, ...USUAL }), maximised: remembered?.maximised ?? false }
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
