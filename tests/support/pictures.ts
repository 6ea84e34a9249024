/** Pictures of what a browser test walks through, for people to look at: where MAILWARD_PICTURES names a folder. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

interface Size {
  width: number
  height: number
}

const mailboxes: readonly Size[] = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]

/** Takes a page as it is, light and dark, in the sizes that are looked at. Does nothing where no folder is named. */
export async function picture(page: Page, name: string, sizes: readonly Size[] = mailboxes): Promise<void> {
  const folder = process.env.MAILWARD_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  const before = page.viewportSize()!
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await page.locator(`html[data-theme=${theme}]`).waitFor()
      const path = join(folder, `${name}-${theme}-${size.width}x${size.height}.png`)
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
    }
  }
  await page.setViewportSize(before)
  await page.emulateMedia({ colorScheme: 'light' })
}
