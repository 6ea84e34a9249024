/** What carrying out would do, before anybody decides. Nothing is changed by looking. */

import { useQuery } from '@tanstack/react-query'
import { problemOf, useApi } from '../../api.ts'
import { longDay } from '../../format.ts'
import { text } from '../../text.ts'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Places } from './places.tsx'
import { Sentence, StageView } from './stage.tsx'
import type { StageProps } from './stage-props.ts'
import { leftOut } from './stages.tsx'

const words = text.requests.preview

export function PreviewStage({ request, mark }: StageProps) {
  return (
    <StageView
      name={text.requests.path.stage.preview}
      mark={mark}
      evidence={mark === 'done' ? words.before : leftOut(request, mark)}
    >
      {mark === 'now' ? (
        <Effects id={request.id} />
      ) : mark === 'later' ? (
        <Sentence>{text.requests.path.later.preview}</Sentence>
      ) : null}
    </StageView>
  )
}

/** Effects in words, counts place by place, and the backups that are out of reach. */
export function Effects({ id }: { id: number }) {
  const { queries } = useApi()
  const preview = useQuery(queries.requests.preview.queryOptions({ input: { id } }))
  if (preview.isError) return <ProblemNote {...problemOf(preview.error)} onRetry={() => void preview.refetch()} />
  if (!preview.data) return <SkeletonLines lines={3} />
  const { effects, places, backups } = preview.data
  return (
    <div className="mt-1">
      {effects.length === 0 ? (
        <p className="text-dim">{words.nothing}</p>
      ) : (
        <ul className="list-disc pl-4">
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
      )}
      <Places label={words.effects} places={places} found={words.goes} net />
      {backups.length > 0 ? (
        <div className="mt-2">
          <div className="text-faint">{words.backups}</div>
          <ul>
            {backups.map(({ folder, destroyBy }) => (
              <li key={`${folder} ${destroyBy}`}>
                <span className="mono select-text">{folder}</span>{' '}
                <span className="text-dim">{words.destroyBy(longDay(destroyBy))}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  )
}
