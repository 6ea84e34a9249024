/** The way mail goes for one recipient domain: what to choose, and what each choice needs to know. */

import type { ComponentProps } from 'react'
import { useForm, useWatch } from 'react-hook-form'
import type { RouteRuleView } from '../../contract/routes.ts'
import { type TlsPolicy, tlsPolicies } from '../../model/route.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Cards } from '../ui/choice.tsx'
import { Field, SelectField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/state.tsx'

type RouteView = RouteRuleView['route']
type Kind = RouteView['kind']

interface Values {
  domain: string
  kind: Kind
  host: string
  port: string
  tls: TlsPolicy
  username: string
  password: string
  unverifiedLogin: boolean
  privateAddresses: boolean
  reason: string
}

const help: Record<Kind, string> = {
  capture: text.route.captureHelp,
  smarthost: text.route.smarthostHelp,
  mx: text.route.mxHelp,
  reject: text.route.rejectHelp,
}

const tlsLabels: Record<TlsPolicy, string> = {
  none: text.route.tlsNone,
  opportunistic: text.route.tlsOpportunistic,
  require: text.route.tlsRequire,
}

export interface RouteFormProps {
  /** the recipient domain is asked for when it is not given */
  domain?: string | undefined
  route?: RouteView | undefined
  kinds: readonly Kind[]
  submit: string
  busy: boolean
  problem?: { what: string; change: string | undefined } | undefined
  onSubmit: (rule: RouteRuleView) => void
  onCancel?: () => void
}

function valuesOf(domain: string | undefined, route: RouteView | undefined): Values {
  const smarthost = route?.kind === 'smarthost' ? route : undefined
  return {
    domain: domain ?? '',
    kind: route?.kind ?? 'capture',
    host: smarthost?.host ?? '',
    port: String(smarthost?.port ?? 587),
    tls: route && 'tls' in route ? route.tls : 'opportunistic',
    username: smarthost?.username ?? '',
    password: '',
    unverifiedLogin: smarthost?.unverifiedLogin ?? false,
    privateAddresses: (route?.kind === 'mx' && route.privateAddresses) || false,
    reason: route?.kind === 'reject' ? (route.reason ?? '') : '',
  }
}

function routeOf(values: Values): RouteView {
  switch (values.kind) {
    case 'capture':
      return { kind: 'capture' }
    case 'mx':
      return { kind: 'mx', tls: values.tls, privateAddresses: values.privateAddresses || undefined }
    case 'reject':
      return { kind: 'reject', reason: values.reason.trim() || undefined }
    case 'smarthost':
      return {
        kind: 'smarthost',
        host: values.host.trim(),
        port: Number(values.port),
        tls: values.tls,
        username: values.username.trim() || undefined,
        password: values.password || undefined,
        unverifiedLogin:
          (values.username.trim() !== '' && values.tls !== 'require' && values.unverifiedLogin) || undefined,
      }
  }
}

export function RouteForm(props: RouteFormProps) {
  const form = useForm<Values>({ defaultValues: valuesOf(props.domain, props.route) })
  const { register, formState } = form
  const [kind, username, tls] = useWatch({ control: form.control, name: ['kind', 'username', 'tls'] })
  const words = text.route
  const needed = { required: text.common.required }
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={(event) => {
        void form.handleSubmit((values) =>
          props.onSubmit({ domain: values.domain.trim().toLowerCase(), route: routeOf(values) }),
        )(event)
      }}
    >
      {props.domain === undefined ? (
        <Field
          label={words.domain}
          mono
          placeholder="kestrel.example"
          problem={formState.errors.domain?.message}
          {...register('domain', needed)}
        />
      ) : null}
      <Cards
        label={words.kind}
        value={kind}
        onChange={(next) => form.setValue('kind', next)}
        options={props.kinds.map((value) => ({ value, label: words[value], help: help[value] }))}
      />
      {kind === 'smarthost' ? (
        <div className="grid grid-cols-[1fr_96px] gap-3">
          <Field
            label={words.host}
            mono
            placeholder="smtp.provider.example"
            problem={formState.errors.host?.message}
            {...register('host', needed)}
          />
          <Field
            label={words.port}
            mono
            inputMode="numeric"
            problem={formState.errors.port?.message}
            {...register('port', {
              validate: (port) => (/^\d+$/.test(port) && +port > 0 && +port < 65_536) || words.portRange,
            })}
          />
        </div>
      ) : null}
      {kind === 'smarthost' || kind === 'mx' ? (
        <SelectField
          label={words.tls}
          options={tlsPolicies.map((value) => ({ value, label: tlsLabels[value] }))}
          {...register('tls')}
        />
      ) : null}
      {kind === 'smarthost' ? (
        <div className="grid grid-cols-2 gap-3">
          <Field
            label={`${words.username} (${text.common.optional})`}
            mono
            autoComplete="off"
            {...register('username', {
              onChange: () => {
                // with a login verified TLS is the default, until someone chooses otherwise
                if (props.route === undefined && !formState.dirtyFields.tls)
                  form.setValue('tls', form.getValues('username').trim() === '' ? 'opportunistic' : 'require')
              },
            })}
          />
          <Field
            label={`${words.password} (${text.common.optional})`}
            type="password"
            autoComplete="new-password"
            help={props.route?.kind === 'smarthost' && props.route.username ? words.passwordKept : undefined}
            {...register('password')}
          />
        </div>
      ) : null}
      {kind === 'smarthost' && username.trim() !== '' && tls !== 'require' ? (
        <Exception label={words.unverifiedLogin} {...register('unverifiedLogin')} />
      ) : null}
      {kind === 'mx' ? <Exception label={words.privateAddresses} {...register('privateAddresses')} /> : null}
      {kind === 'reject' ? (
        <Field label={`${words.reason} (${text.common.optional})`} maxLength={200} {...register('reason')} />
      ) : null}
      {props.problem ? <ProblemNote {...props.problem} /> : null}
      <div className="flex justify-end gap-2">
        {props.onCancel ? <Button onClick={props.onCancel}>{text.common.cancel}</Button> : null}
        <Button type="submit" kind="primary" disabled={props.busy}>
          {props.submit}
        </Button>
      </div>
    </form>
  )
}

/** Something the route allows although it is not safe in general. */
function Exception({ label, ...input }: { label: string } & ComponentProps<'input'>) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" {...input} />
      {label}
    </label>
  )
}

/** A route in a few words: `smtp.provider.example:587, TLS when offered`. */
export function describeRoute(route: RouteView): string {
  const tls = {
    none: text.route.tlsNoneShort,
    opportunistic: text.route.tlsOpportunisticShort,
    require: text.route.tlsRequireShort,
  }
  switch (route.kind) {
    case 'capture':
      return text.route.capture
    case 'mx':
      return [text.route.mx, tls[route.tls], route.privateAddresses && text.route.privateAddressesShort]
        .filter(Boolean)
        .join(', ')
    case 'reject':
      return route.reason ? `${text.route.reject}: ${route.reason}` : text.route.reject
    case 'smarthost':
      return [
        `${route.host}:${route.port}`,
        tls[route.tls],
        route.username && route.unverifiedLogin && text.route.unverifiedLoginShort,
      ]
        .filter(Boolean)
        .join(', ')
  }
}
