/** Records that somebody consented to mailings, or took it back. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { toast } from 'sonner'
import type { ConsentView } from '../../../../contract/policy.ts'
import { problemOf, useApi } from '../../../api.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { ReasonDialog } from '../../../components/reason-dialog.tsx'
import { text } from '../../../text.ts'
import { Field, SelectField } from '../../../ui/field.tsx'

const words = text.settings.consents

function useRefreshedConsents(): () => Promise<void> {
  const { queries } = useApi()
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: queries.policy.consents.key() })
}

export interface RecordConsentProps {
  /** those there are: their purposes are offered */
  consents: readonly ConsentView[]
  onClose: () => void
}

export function RecordConsent({ consents, onClose }: RecordConsentProps) {
  const { client, queries } = useApi()
  const refreshed = useRefreshedConsents()
  const purposes = useId()
  const accounts = useQuery(queries.accounts.list.queryOptions())
  const [account, setAccount] = useState('')
  // undefined: the contact of the account
  const [written, setWritten] = useState<string>()
  const [purpose, setPurpose] = useState('')
  const [source, setSource] = useState('')
  const contact = accounts.data?.find(({ name }) => name === account)?.contact ?? ''
  const address = (written ?? contact).trim()
  const give = useMutation({
    mutationFn: () => client.policy.giveConsent({ account, address, purpose: purpose.trim(), source: source.trim() }),
    onSuccess: async () => {
      await refreshed()
      toast.success(words.recording.done)
      onClose()
    },
  })
  const isReady = account !== '' && address !== '' && purpose.trim() !== '' && source.trim() !== ''
  return (
    <FormDialog
      title={words.recording.title}
      description={words.recording.help}
      submit={words.recording.go}
      ready={isReady && !give.isPending}
      problem={give.error ? problemOf(give.error) : undefined}
      onSubmit={() => give.mutate()}
      onClose={onClose}
    >
      <SelectField
        label={words.account}
        value={account}
        onChange={(event) => setAccount(event.target.value)}
        options={[{ value: '', label: '' }, ...(accounts.data ?? []).map(({ name }) => ({ value: name, label: name }))]}
      />
      <Field
        label={words.recording.address}
        mono
        type="email"
        maxLength={320}
        value={written ?? contact}
        onChange={(event) => setWritten(event.target.value)}
      />
      <Field
        label={words.purpose}
        help={words.recording.purposeHelp}
        list={purposes}
        maxLength={100}
        value={purpose}
        onChange={(event) => setPurpose(event.target.value)}
      />
      <datalist id={purposes}>
        {[...new Set(consents.map((each) => each.purpose))].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <Field
        label={words.recording.source}
        help={words.recording.sourceHelp}
        maxLength={1000}
        value={source}
        onChange={(event) => setSource(event.target.value)}
      />
    </FormDialog>
  )
}

export interface WithdrawConsentProps {
  consent: ConsentView
  onClose: () => void
}

export function WithdrawConsent({ consent: { id, address, purpose }, onClose }: WithdrawConsentProps) {
  const { client } = useApi()
  const refreshed = useRefreshedConsents()
  const withdraw = useMutation({
    mutationFn: (reason: string) => client.policy.withdrawConsent({ id, reason }),
    onSuccess: async () => {
      await refreshed()
      toast.success(words.withdrawing.done)
      onClose()
    },
  })
  return (
    <ReasonDialog
      title={words.withdrawing.title}
      help={words.withdrawing.help(address, purpose)}
      reasonHelp={words.withdrawing.reasonHelp}
      confirm={words.withdrawing.go}
      busy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={(reason) => withdraw.mutate(reason)}
      onClose={onClose}
    />
  )
}
