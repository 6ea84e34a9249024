/** Holds every page, present and future, where it is: no navigation, no new windows, no embedded pages. */

import { type App, BrowserWindow, type WebContents } from 'electron'
import { isConsolePage } from '../origin.ts'
import { followLink } from './links.ts'

interface Navigation {
  preventDefault(): void
  url: string
}

/** What a frame shows that is written in place: it comes from no address, and keeps the policy of its page. */
const IN_PLACE = 'about:srcdoc'

function stay(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    void followLink(url, BrowserWindow.fromWebContents(contents) ?? undefined)
    return { action: 'deny' }
  })
  const refuse = (event: Navigation): void => {
    if (event.url !== IN_PLACE && !isConsolePage(event.url)) event.preventDefault()
  }
  // of every frame, the page's own included: whoever refuses here, the page's own `will-navigate` is not asked any more
  contents.on('will-frame-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** Must run before the first window is made. */
export function holdPages(app: App): void {
  app.on('web-contents-created', (_event, contents) => stay(contents))
}
