/** Accessibility of a page, as axe judges it. */

import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** Longer than anything on the console fades or moves. */
const SETTLED_MS = 1000

/** What axe finds wrong, as rule and place: everything in the light, and the contrast once more in the dark. */
export async function faults(page: Page): Promise<string[]> {
  const light = await lasting(page, () => axeFor(page))
  await setColours(page, 'dark')
  const dark = await lasting(page, () => axeFor(page).withRules(['color-contrast']))
  await setColours(page, 'light')
  return [...light, ...dark.map((fault) => `dark: ${fault}`)]
}

/**
 * Axe, told to report what is wrong only. A page without frames is judged where it is: carrying what every part of it says
 * out of the page, and into another one, took three times as long as judging it.
 */
function axeFor(page: Page): AxeBuilder {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
  return page.frames().length > 1 ? axe : axe.setLegacyMode(true)
}

/** Changes what the system prefers, and waits until the page has followed. */
async function setColours(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme })
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme)
}

/** What is wrong and stays so: something may have begun to fade in while the page was judged. */
async function lasting(page: Page, axe: () => AxeBuilder): Promise<string[]> {
  if ((await analyse(page, axe())).length === 0) return []
  await page.waitForTimeout(SETTLED_MS)
  return analyse(page, axe())
}

async function analyse(page: Page, axe: AxeBuilder): Promise<string[]> {
  // what is still fading in would be judged half transparent
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  const { violations } = await axe.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  )
}

/** A screen: what it is called, its address, and how to tell that it is there. */
export type Screen = [name: string, path: () => string, poll: (page: Page) => Promise<void>]

/** The faults of each screen that has any. */
export async function faultsOf(page: Page, screens: readonly Screen[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [name, path, poll] of screens) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, path())
    await poll(page)
    const wrong = await faults(page)
    if (wrong.length > 0) found[name] = wrong
    await page.keyboard.press('Escape')
    // keys are not heard before it has faded away
    await page.waitForFunction(() => document.querySelector('[role=dialog]') === null)
  }
  return found
}
