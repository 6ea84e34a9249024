/** The console starts here: one connection, one cache, one router. */

import '@fontsource-variable/inter/index.css'
import '../styles.css'
import { Tooltip } from '@base-ui/react/tooltip'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { Toaster } from 'sonner'
import { type Api, ApiContext } from '../api.ts'
import { useAppliedTheme } from '../ui/theme.ts'
import { connect } from './connection.ts'
import { createQueryClient } from './queries.ts'
import { router } from './router.tsx'

const sessionEnded = (): void => void cache.invalidateQueries({ queryKey: queries.session.key() })
const connection = connect(window.mailward, sessionEnded)
const queries = createTanstackQueryUtils(connection.client)
const cache = createQueryClient(connection)
const api: Api = { connection, client: connection.client, queries, sessionEnded }

function App() {
  useAppliedTheme()
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={cache}>
        <Tooltip.Provider delay={350}>
          <RouterProvider router={router} />
        </Tooltip.Provider>
        <Toaster
          position="bottom-right"
          gap={8}
          toastOptions={{
            unstyled: true,
            classNames: {
              toast: 'popup flex w-[356px] items-center gap-3 px-3.5 py-2.5 font-sans text-base text-text',
              content: 'min-w-0 flex-1',
              title: 'font-[550]',
              description: 'text-dim',
              actionButton: 'shrink-0 rounded-md border border-line px-2 py-0.5 text-sm hover:bg-row-hover',
              success: '[&_[data-icon]]:text-ok',
              warning: '[&_[data-icon]]:text-wait',
              error: '[&_[data-icon]]:text-bad',
            },
          }}
        />
      </QueryClientProvider>
    </ApiContext>
  )
}

const place = document.getElementById('root')
if (!place) throw new Error('the page has no #root')
createRoot(place).render(<App />)
