/** A wall clock that leapt forward: a person says whether it is right before anything is destroyed. */

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { RetentionOverview } from '../../../contract/retention.ts'
import { useApi, usePerson } from '../../api.ts'
import { exactTime, utcTime } from '../../format.ts'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { useRefreshed } from './fresh.ts'
import { headersInText } from './words.ts'

const words = text.retention.clock

type Question = NonNullable<RetentionOverview['clock']>

export function ClockQuestion({ question }: { question: Question }) {
  const { role } = usePerson()
  const [answer, setAnswer] = useState<boolean>()
  const now = Date.now()
  return (
    <Note tone="warning" alert title={words.title}>
      <p className="num">
        <span title={utcTime(question.noticedAt)}>{words.noticed(exactTime(question.noticedAt, now))}</span>{' '}
        {words.story(exactTime(question.expected, now), exactTime(question.found, now))}{' '}
        {words.hidden(question.headers, headersInText(question.headers))}
      </p>
      {role === 'admin' ? (
        <div className="mt-2 flex gap-2">
          <Button onClick={() => setAnswer(true)}>{words.right}</Button>
          <Button onClick={() => setAnswer(false)}>{words.wrong}</Button>
        </div>
      ) : (
        <p className="text-dim">{words.adminAnswers}</p>
      )}
      {answer === undefined ? null : <Answer question={question} right={answer} onClose={() => setAnswer(undefined)} />}
    </Note>
  )
}

interface AnswerProps {
  question: Question
  right: boolean
  onClose: () => void
}

function Answer({ question, right, onClose }: AnswerProps) {
  const { client } = useApi()
  const refreshed = useRefreshed()
  const answer = useMutation({
    mutationFn: (reason: string) => client.retention.answerClock({ right, reason }),
    onSuccess: async () => {
      await refreshed()
      toast.success(words.answered)
      onClose()
    },
  })
  const { headers } = question
  const means = right ? words.rightMeans : words.wrongMeans
  return (
    <ReasonDialog
      title={right ? words.rightTitle : words.wrongTitle}
      reasonHelp={text.retention.reasonHelp}
      confirm={right ? words.rightGo : words.wrongGo}
      danger={right}
      busy={answer.isPending}
      error={answer.error}
      onConfirm={(reason) => answer.mutate(reason)}
      onClose={onClose}
    >
      <p className="num">{means(headers, headersInText(headers))}</p>
    </ReasonDialog>
  )
}
