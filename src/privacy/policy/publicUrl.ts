/** Where people reach the console from outside, for links in letters. */

import type { AuditEntry, Settings } from '../../store/store.ts'

const PUBLIC_URL = 'public.url'

/** Empty when none was set: then letters have no links. */
export async function publicUrl(settings: Settings): Promise<string> {
  return (await settings.get<string>(PUBLIC_URL)) ?? ''
}

export function setPublicUrl(settings: Settings, url: string, entry: AuditEntry): Promise<void> {
  return settings.set(PUBLIC_URL, url, entry)
}
