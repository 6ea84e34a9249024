/** A wall clock that leapt forward, or fell back: a person says whether it is right. */

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { RetentionOverview } from '../../../contract/retention.ts'
import { useApi, useUser } from '../../api.ts'
import { headersInText } from '../../components/kept/words.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { exactTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { useRefreshed } from './fresh.ts'

const words = text.retention.clock

type Question = NonNullable<RetentionOverview['clock']>

function fellBack({ expected, found }: Question): boolean {
  return Date.parse(found) < Date.parse(expected)
}

export function ClockQuestion({ question }: { question: Question }) {
  const { role } = useUser()
  const [answer, setAnswer] = useState<boolean>()
  const now = Date.now()
  return (
    <Note tone="warning" alert title={fellBack(question) ? words.back.title : words.title}>
      <p className="num">
        <span title={utcTime(question.noticedAt)}>{words.noticed(exactTime(question.noticedAt, now))}</span>{' '}
        {words.story(exactTime(question.expected, now), exactTime(question.found, now))}{' '}
        {fellBack(question) ? null : words.hidden(question.headers, headersInText(question.headers))}
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
  const { means, go } = consequence(question, right)
  return (
    <ReasonDialog
      title={right ? words.rightTitle : words.wrongTitle}
      reasonHelp={text.retention.reasonHelp}
      confirm={go}
      danger={right && !fellBack(question)}
      busy={answer.isPending}
      error={answer.error}
      onConfirm={(reason) => answer.mutate(reason)}
      onClose={onClose}
    >
      <p className="num">{means}</p>
    </ReasonDialog>
  )
}

/** What an answer brings about, and the words on its button. */
function consequence(question: Question, right: boolean): { means: string; go: string } {
  if (fellBack(question)) {
    const { back } = words
    return right ? { means: back.rightMeans, go: back.rightGo } : { means: back.wrongMeans, go: back.wrongGo }
  }
  const { headers } = question
  const written = headersInText(headers)
  return right
    ? { means: words.rightMeans(headers, written), go: words.rightGo }
    : { means: words.wrongMeans(headers, written), go: words.wrongGo }
}
