/** Light or dark: as the system says, or as the person says. */

import { useEffect } from 'react'
import { useStored } from './stored.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value)
}

const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** The chosen theme. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return useStored<Theme>('theme', 'system', isTheme)
}

/** Puts the theme on the document, and keeps it there while the system changes its mind. */
export function useAppliedTheme(): void {
  const [theme] = useTheme()
  useEffect(() => {
    const apply = (): void => {
      document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    }
    apply()
    dark.addEventListener('change', apply)
    return () => dark.removeEventListener('change', apply)
  }, [theme])
}
