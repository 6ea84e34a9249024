/** Step 2: where mail goes, unless a recipient domain has a route of its own. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RouteRuleView } from '../../../contract/routes.ts'
import { problemOf, useApi } from '../../api.ts'
import { RouteForm } from '../../components/route-form.tsx'
import { text } from '../../text.ts'

export interface WayProps {
  route: RouteRuleView['route'] | undefined
  onDone: () => void
}

export function Way({ route, onDone }: WayProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const set = useMutation({
    mutationFn: (rule: RouteRuleView) => client.routes.set(rule),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.routes.key() })
      onDone()
    },
  })
  return (
    <RouteForm
      domain="*"
      route={route}
      kinds={['capture', 'smarthost', 'mx']}
      submit={text.welcome.route.go}
      busy={set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={(rule) => set.mutate(rule)}
    />
  )
}
