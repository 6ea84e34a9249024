/**
 * Where in the main database a person may be named, and what an erasure does there. Every column of every table is in
 * here; a test fails when one is not.
 */

/**
 * `none`: names nobody. `redact`: the person is taken out of the text. `blank`: the person's own words, which go.
 * `subject`: a short hash takes its place. `actor`: who did something; stays while it is somebody who works here.
 * `delete`: the row goes. `mail`: header records, queue and samples, which have ways of their own.
 * Else: it stays, and why.
 */
export type Treatment = 'none' | 'redact' | 'blank' | 'subject' | 'actor' | 'delete' | 'mail' | { keep: string }

export interface TableRule {
  /** in words of the domain */
  place: string
  columns: Readonly<Record<string, Treatment>>
  /** SQL for the account a row belongs to; undefined: the relay's own */
  account?: string
  /** SQL for the request a row belongs to */
  request?: string
  /** SQL for the address whose own words the row holds */
  own?: string
  /** SQL for a number that tells rows apart; `rowid` when left out */
  key?: string
}

function columns(treatment: Treatment, names: string): Record<string, Treatment> {
  return Object.fromEntries(names.split(' ').map((name) => [name, treatment]))
}

const ACCOUNT = { keep: 'data of an account: changed by a correction, and gone with the account' }
const STAFF = { keep: 'somebody with access to this console: ends with that access, under People' }
const SETTING = { keep: 'a setting of this relay: changed where it was made' }
const DEMAND = { keep: 'the register of legal demands has to show what was demanded' }
const TOLD = { keep: 'proof that an account was told of a change' }

const OF_CASE = (table: string) => `(SELECT account FROM review_case WHERE review_case.id = ${table}.case_id)`
const OF_REQUEST = (table: string) => `(SELECT account FROM request WHERE request.id = ${table}.request)`

const SUBJECT_OF = (table: string) => `(SELECT subject FROM request WHERE request.id = ${table}.request)`
/** Lines of the timeline with words of people in them; the others are the relay's and name nobody. */
const WORDS = "'mail', 'note', 'changed', 'identity', 'extended', 'refused', 'decision', 'closed', 'guess'"

/** Request of an entry of the audit log in which a person wrote why: how somebody was known, what was refused and why. */
export const AUDITED_REQUEST = `CASE WHEN action IN ('requests.confirm', 'requests.change', 'requests.decide', 'requests.extend',
  'requests.refuse', 'requests.close', 'requests.reviewPackage') THEN json_extract(facts, '$.request') END`

/** In the order in which an erasure works: a request is read by what belongs to it, and so comes last. */
export const tableRules: Readonly<Record<string, TableRule>> = {
  message: {
    place: 'queue',
    columns: {
      ...columns('none', 'id account credential accepted_at size keep_until sampled open number'),
      ...columns('mail', 'sender subject message_id extra headers'),
    },
  },
  body: { place: 'queue', columns: { ...columns('none', 'message segment offset length secret'), content: 'mail' } },
  delivery: {
    place: 'queue',
    columns: {
      ...columns('none', 'message ordinal destination state next_at attempts in_doubt'),
      ...columns('mail', 'recipient options reason'),
    },
  },
  attempt: {
    place: 'queue',
    columns: {
      ...columns('none', 'message number ordinals started_at ended_at destination tls code enhanced_code in_doubt'),
      ...columns('mail', 'reply transcript'),
    },
  },
  sample: {
    place: 'samples',
    columns: {
      ...columns('none', 'message account block position accepted_at keep_until day size domains score flagged held'),
      content: 'mail',
    },
  },
  sample_address: { place: 'samples', columns: { message: 'none', address: 'mail' } },
  sample_key: { place: 'samples', columns: columns('none', 'day file public wrapped seal generation') },
  seal_key: { place: 'samples', columns: columns('none', 'id public created_at') },
  day: {
    place: 'header records',
    columns: columns(
      'none',
      'day key records min_id max_id oldest_at youngest_at youngest_keep generation digest digest_records persons',
    ),
  },
  draw: { place: 'samples', columns: columns('none', 'account block taken position secret last_id') },
  volume: { place: 'accounts and contacts', columns: columns('none', 'account day messages delivered failed bounced') },
  receipt: {
    place: 'receipts',
    columns: columns('none', 'id kind day headers samples bodies digest bytes_before bytes_after orphans at signature'),
  },
  checkpoint: { place: 'audit log', columns: columns('none', 'sequence head at folder public_key signature') },
  backup: { place: 'backups', columns: columns('none', 'id folder created_at destroy_by days headers live bytes') },
  suppression: { place: 'suppression list', columns: columns('none', 'account hash at request') },

  account: {
    place: 'accounts and contacts',
    account: 'id',
    columns: {
      ...columns('none', 'id name status domains created_at keep_days trusted hourly_limit outgoing'),
      contact: ACCOUNT,
      status_reason: 'redact',
    },
  },
  credential: {
    place: 'accounts and contacts',
    account: 'account',
    columns: {
      ...columns('none', 'id account kind secret status hourly_limit created_at'),
      name: ACCOUNT,
    },
  },
  route: { place: 'settings', columns: columns('none', 'domain route') },
  setting: { place: 'settings', columns: { key: 'none', value: SETTING } },
  trust: {
    place: 'accounts and contacts',
    account: 'account',
    columns: {
      ...columns('none', 'id account decision decided_at review_at samples receipt destroyed held told'),
      ...columns('redact', 'requested_by reason criteria'),
      decided_by: 'actor',
    },
  },
  trust_request: {
    place: 'accounts and contacts',
    account: 'account',
    columns: { ...columns('none', 'account requested_at'), requested_by: 'actor', reason: 'redact' },
  },

  person: {
    place: 'people',
    columns: {
      ...columns('none', 'id role password_hash created_at account factor_reset_at'),
      ...columns(STAFF, 'email name'),
      factor_reset_by: 'actor',
    },
  },
  session: {
    place: 'people',
    columns: columns('none', 'id token_hash person created_at expires_at seen_at address kind'),
  },
  second_factor: { place: 'people', columns: columns('none', 'person secret confirmed_at last_step') },
  recovery_code: { place: 'people', columns: columns('none', 'person hash') },
  api_token: {
    place: 'people',
    columns: {
      ...columns('none', 'id person scope token_hash created_at expires_at used_at'),
      name: 'redact',
    },
  },
  invitation: {
    place: 'people',
    columns: {
      ...columns('none', 'id role token_hash created_at expires_at account'),
      ...columns('delete', 'email name'),
      invited_by: 'actor',
    },
  },
  throttle: { place: 'people', columns: { key: 'delete', failures: 'none', last_at: 'none' } },

  complaint: {
    place: 'signals',
    account: 'account',
    columns: { ...columns('none', 'id account message at'), ...columns('redact', 'source note') },
  },
  signal: {
    place: 'signals',
    account: 'account',
    columns: {
      ...columns('none', 'id account kind at weight messages times value counted case_id dismissed_at'),
      ...columns('redact', 'summary source fact reporter'),
    },
  },
  review_case: {
    place: 'cases',
    account: 'account',
    columns: {
      ...columns('none', 'id account status reason opened_at decided_at closed_at verdict'),
      note: 'redact',
      ...columns('actor', 'owner opened_by'),
    },
  },
  case_event: {
    place: 'cases',
    account: OF_CASE('case_event'),
    columns: { ...columns('none', 'id case_id at kind'), actor: 'actor', text: 'redact' },
  },
  opening: {
    place: 'cases',
    account: OF_CASE('opening'),
    columns: {
      ...columns(
        'none',
        'id case_id sample state requester requested_at needs_second approver approved_at opens_at expires_at opened_at',
      ),
      ...columns('redact', 'reason override'),
      ...columns('actor', 'requested_by approved_by'),
    },
  },
  case_action: {
    place: 'cases',
    account: OF_CASE('case_action'),
    columns: {
      ...columns('none', 'id case_id kind per_hour at undone_at pending'),
      ...columns('redact', 'reason letter before'),
      ...columns('actor', 'by undone_by'),
    },
  },
  hold: {
    place: 'holds',
    columns: {
      ...columns('none', 'id placed_at released_at headers'),
      scope: 'redact',
      ...columns('redact', 'reason release_reason'),
      ...columns('actor', 'placed_by released_by'),
    },
  },
  audit: {
    place: 'audit log',
    account: "json_extract(facts, '$.account')",
    request: AUDITED_REQUEST,
    own: `(SELECT subject FROM request WHERE request.id = ${AUDITED_REQUEST})`,
    columns: { ...columns('none', 'sequence at action facts commitment hash'), personal: 'redact' },
  },
  inbox: {
    place: 'mail to the desks',
    columns: { ...columns('none', 'id desk received_at client tries'), content: 'delete' },
  },

  policy_version: {
    place: 'policy notices',
    columns: {
      ...columns('none', 'version state keep_days prepared_at announced_at effective_at in_force_at'),
      ...columns({ keep: 'the policy as it was published' }, 'text owner reason'),
      prepared_by: 'actor',
    },
  },
  policy_notice: {
    place: 'policy notices',
    account: 'account',
    key: 'version * 1000000 + account',
    columns: {
      ...columns('none', 'version account about message state at'),
      ...columns(TOLD, 'recipient reply'),
    },
  },
  consent: {
    place: 'consents',
    account: 'account',
    columns: {
      ...columns('none', 'id account purpose given_at withdrawn_at'),
      address: 'delete',
      source: 'redact',
      withdrawn_by: 'actor',
    },
  },
  mailing_message: { place: 'consents', columns: columns('none', 'message consent sent_at') },
  disclosure: {
    place: 'disclosures',
    columns: {
      ...columns('none', 'id received_at gag_until state recorder recorded_at approver approved_at hold exported_at'),
      ...columns('none', 'export_records export_bytes export_sha256 notice_at'),
      ...columns(DEMAND, 'authority basis scope no_notice_reason note'),
      ...columns('actor', 'recorded_by approved_by exported_by'),
    },
  },
  package: {
    place: 'packages',
    account: 'account',
    request: 'request',
    columns: {
      ...columns('none', 'id request account created_at expires_at destroyed_at file key bytes records sha256'),
      ...columns('none', 'needs_review builder reviewer reviewed_at handed_file handed_key link_hash link_expires'),
      downloads: 'none',
      ...columns('actor', 'built_by reviewed_by'),
    },
  },

  request_code: { place: 'requests', columns: columns('none', 'request hash sent_at tries') },
  request_event: {
    place: 'requests',
    account: OF_REQUEST('request_event'),
    request: 'request',
    own: `CASE WHEN kind IN (${WORDS}) THEN ${SUBJECT_OF('request_event')} END`,
    columns: { ...columns('none', 'id request at kind'), actor: 'actor', text: 'blank' },
  },
  request_letter: {
    place: 'letters',
    account: OF_REQUEST('request_letter'),
    request: 'request',
    own: SUBJECT_OF('request_letter'),
    columns: {
      ...columns('none', 'id request kind account about at message'),
      ...columns('redact', 'address subject'),
      text: 'blank',
    },
  },
  request: {
    place: 'requests',
    account: 'account',
    request: 'id',
    own: 'subject',
    columns: {
      ...columns(
        'none',
        'id kind track account source received_at due_at extended state outcome ground parent suppress',
      ),
      ...columns('none', 'closed_at identity_at search execution receipts hold erased_at'),
      subject: 'subject',
      ...columns('blank', 'text correction'),
      identity_how: 'redact',
      ...columns('actor', 'owner identity_by'),
    },
  },
}
