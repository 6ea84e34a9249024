/** What carrying a request out would do, in words with counts. Nothing is changed. */

import type { SubjectRequest } from '../../store/requests.ts'
import type { ColumnCount } from '../../store/subjects.ts'
import { gagWords } from '../legalRequests/gag.ts'
import type { Draft } from '../letters/requestLetters.ts'
import type { ListedBackup } from './context.ts'
import { readCorrection } from './correction.ts'
import type { RequestService } from './requests.ts'

export interface Preview {
  effects: string[]
  places: ColumnCount[]
  backups: ListedBackup[]
  answer: Draft | undefined
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

function found(places: readonly ColumnCount[]): { go: number; stay: number } {
  const stay = places.reduce((sum, { excepted }) => sum + excepted, 0)
  return { go: places.reduce((sum, { count }) => sum + count, 0) - stay, stay }
}

function suppression(request: SubjectRequest): string {
  const whose = request.track === 'third party' ? 'Every account' : 'The account'
  return `${whose} is kept from writing to the address: RCPT is refused with 550 5.7.1. A keyed hash of it is kept for this.`
}

function effectsOf(request: SubjectRequest, places: readonly ColumnCount[], backups: number): string[] {
  const { go, stay } = found(places)
  switch (request.kind) {
    case 'access':
    case 'portability':
      return [
        `${counted(go + stay, 'entry is', 'entries are')} put into an encrypted file; addresses of other people in it are made unreadable.`,
        'Nothing is changed or destroyed.',
      ]
    case 'deletion':
      return [
        `${counted(go, 'entry is', 'entries are')} destroyed, or the person is taken out of ${go === 1 ? 'it' : 'them'} where it is about others as well.`,
        ...(stay > 0 ? [`${counted(stay, 'entry stays', 'entries stay')} for now: see the exceptions.`] : []),
        ...(backups > 0
          ? [
              `${counted(backups, 'backup keeps', 'backups keep')} it until its date. Should one be used, the deletion is repeated.`,
            ]
          : []),
        'A signed receipt is written for each day, and a line in the erasure ledger.',
        ...(request.suppress ? [suppression(request)] : []),
        'When the answer has arrived, the address is taken out of this request too.',
      ]
    case 'objection':
      return [suppression(request), 'Nothing is destroyed.']
    case 'restriction':
      return [
        'A legal hold keeps what is held about the address, until it is released.',
        suppression(request),
        'Nothing is destroyed.',
      ]
    case 'correction':
      return request.track === 'holder'
        ? [
            `The account’s data is changed: ${request.correction}.`,
            ...(readCorrection(request.correction)?.contact ? ['The contact it has until now is told by mail.'] : []),
            'Records of mail that was sent are not changed.',
          ]
        : ['Records of mail that was sent are not changed: they say what was sent. The answer says so.']
  }
}

/** Counts are those of the last search. */
export async function previewOf(
  { requests }: { requests: Pick<RequestService, 'drafts'> },
  request: SubjectRequest,
): Promise<Preview> {
  const places = request.search?.places ?? []
  const hasRecords = places.some(({ count }) => count > 0)
  const backups = hasRecords ? await requests.drafts.standingBackups() : []
  const gags = request.erasedAt === undefined ? gagWords(await requests.drafts.gags(request)) : []
  return {
    effects: [...effectsOf(request, places, backups.length), ...gags],
    places,
    backups,
    answer: request.erasedAt === undefined ? await requests.drafts.answer(request) : undefined,
  }
}
