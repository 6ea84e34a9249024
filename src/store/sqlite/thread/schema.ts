/** The tables. Migrations are only ever added at the end. */

import { type DeliveryState, deliveryStates, type MessageStatus } from '../../../model/delivery.ts'

/** States and statuses are kept as small numbers: their place in this list. */
const statuses: readonly MessageStatus[] = [...deliveryStates, 'mixed']

/** The number a state or status is kept as. */
export function codeOf(status: MessageStatus): number {
  return statuses.indexOf(status)
}

/** The state or status behind a number. */
export function statusAt(code: number): MessageStatus {
  return statuses[code] ?? 'mixed'
}

/** The state behind a number. */
export function stateAt(code: number): DeliveryState {
  return deliveryStates[code] ?? 'deferred'
}

/** `mailward.db`: live mail, the queue, the directory, people, policy. */
export const mainMigrations: readonly string[] = [
  `
  CREATE TABLE message (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL, credential INTEGER, accepted_at INTEGER NOT NULL,
    sender TEXT NOT NULL, subject TEXT NOT NULL, message_id TEXT NOT NULL, size INTEGER NOT NULL,
    keep_until INTEGER NOT NULL, sampled INTEGER NOT NULL, open INTEGER NOT NULL, extra TEXT NOT NULL,
    headers BLOB NOT NULL
  );
  CREATE TABLE body (
    message INTEGER PRIMARY KEY, content BLOB, segment INTEGER, offset INTEGER, length INTEGER, secret BLOB
  );
  CREATE INDEX body_segment ON body (segment) WHERE segment IS NOT NULL;
  CREATE TABLE delivery (
    message INTEGER NOT NULL, ordinal INTEGER NOT NULL, recipient TEXT NOT NULL, options TEXT,
    destination TEXT NOT NULL, state INTEGER NOT NULL, reason TEXT NOT NULL, next_at INTEGER,
    attempts INTEGER NOT NULL, in_doubt INTEGER NOT NULL,
    PRIMARY KEY (message, ordinal)
  ) WITHOUT ROWID;
  CREATE INDEX delivery_due ON delivery (destination, next_at) WHERE state IN (0, 2);
  CREATE TABLE attempt (
    message INTEGER NOT NULL, number INTEGER NOT NULL, ordinals TEXT NOT NULL, started_at INTEGER NOT NULL,
    ended_at INTEGER, destination TEXT NOT NULL, tls TEXT, code INTEGER, enhanced_code TEXT, reply TEXT,
    transcript TEXT NOT NULL, in_doubt INTEGER NOT NULL,
    PRIMARY KEY (message, number)
  ) WITHOUT ROWID;
  CREATE TABLE day (
    day TEXT PRIMARY KEY, key BLOB, records INTEGER NOT NULL, min_id INTEGER NOT NULL, max_id INTEGER NOT NULL,
    oldest_at INTEGER NOT NULL, youngest_at INTEGER NOT NULL, youngest_keep INTEGER NOT NULL
  );
  CREATE TABLE account (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, contact TEXT NOT NULL, status TEXT NOT NULL,
    domains TEXT NOT NULL, created_at INTEGER NOT NULL
  );
  CREATE TABLE credential (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account (id), kind TEXT NOT NULL, name TEXT NOT NULL,
    secret TEXT, status TEXT NOT NULL, hourly_limit INTEGER, created_at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX credential_name ON credential (kind, lower(name));
  CREATE TABLE route (domain TEXT PRIMARY KEY, route TEXT NOT NULL);
  CREATE TABLE person (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    password_hash TEXT NOT NULL, created_at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX person_email ON person (lower(email));
  CREATE TABLE session (
    token_hash TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES person (id), created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  );
  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE throttle (key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at INTEGER NOT NULL);
  CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, personal TEXT, commitment TEXT NOT NULL,
    hash TEXT NOT NULL
  );
  `,
  `
  -- place in the account's numbering, 0, 1, …; null for mail of the relay itself
  ALTER TABLE message ADD COLUMN number INTEGER;
  -- no personal data, in the chain itself; null in rows of before
  ALTER TABLE audit ADD COLUMN facts TEXT;
  ALTER TABLE account ADD COLUMN status_reason TEXT NOT NULL DEFAULT '';
  ALTER TABLE account ADD COLUMN keep_days INTEGER;
  ALTER TABLE account ADD COLUMN trusted INTEGER NOT NULL DEFAULT 0;
  -- a day's file is days/DAY.db, or days/DAY.N.db once it was written anew
  ALTER TABLE day ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  -- digest of the ids, and how many records there were when it was computed
  ALTER TABLE day ADD COLUMN digest TEXT;
  ALTER TABLE day ADD COLUMN digest_records INTEGER NOT NULL DEFAULT 0;

  -- the open block of each account
  CREATE TABLE draw (
    account INTEGER PRIMARY KEY, block INTEGER NOT NULL, taken INTEGER NOT NULL, position INTEGER NOT NULL,
    secret BLOB NOT NULL, last_id INTEGER NOT NULL
  );
  -- volume of an account by UTC day
  CREATE TABLE volume (
    account INTEGER NOT NULL, day TEXT NOT NULL, messages INTEGER NOT NULL, delivered INTEGER NOT NULL,
    failed INTEGER NOT NULL, bounced INTEGER NOT NULL,
    PRIMARY KEY (account, day)
  ) WITHOUT ROWID;
  CREATE TABLE complaint (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL, message INTEGER, at INTEGER NOT NULL, source TEXT NOT NULL,
    note TEXT NOT NULL
  );
  CREATE INDEX complaint_account ON complaint (account, at);
  CREATE TABLE trust (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL, decision TEXT NOT NULL, requested_by TEXT NOT NULL,
    reason TEXT NOT NULL, criteria TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at INTEGER NOT NULL,
    review_at INTEGER, samples TEXT NOT NULL, receipt INTEGER, destroyed INTEGER NOT NULL, held INTEGER NOT NULL,
    told INTEGER NOT NULL
  );
  CREATE INDEX trust_account ON trust (account, id);

  CREATE TABLE seal_key (id TEXT PRIMARY KEY, public BLOB NOT NULL, created_at INTEGER NOT NULL);
  -- the keys of a day's samples: of their file, and the pair they are sealed to (its private part under the seal key)
  CREATE TABLE sample_key (
    day TEXT PRIMARY KEY, file BLOB NOT NULL, public BLOB, wrapped BLOB, seal TEXT,
    -- the file is samples/DAY.db, or samples/DAY.N.db once it was written anew
    generation INTEGER NOT NULL DEFAULT 0
  );
  -- content is here until the archiver has moved it to samples/DAY.db
  CREATE TABLE sample (
    message INTEGER PRIMARY KEY, account INTEGER NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL,
    accepted_at INTEGER NOT NULL, keep_until INTEGER NOT NULL, day TEXT NOT NULL, size INTEGER NOT NULL,
    domains TEXT NOT NULL, score REAL, flagged INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0, content BLOB
  );
  CREATE INDEX sample_account ON sample (account, message);
  CREATE INDEX sample_day ON sample (day);
  CREATE INDEX sample_waiting ON sample (message) WHERE content IS NOT NULL;
  CREATE TABLE sample_address (address BLOB NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (address, message)) WITHOUT ROWID;
  CREATE INDEX sample_address_message ON sample_address (message);

  CREATE TABLE hold (
    id INTEGER PRIMARY KEY, scope TEXT NOT NULL, reason TEXT NOT NULL, placed_by TEXT NOT NULL, placed_at INTEGER NOT NULL,
    released_by TEXT, released_at INTEGER, release_reason TEXT,
    -- header records beyond their day that it had kept when it was released
    headers INTEGER
  );
  -- written when the deletion begins (pending), signed when it is done
  CREATE TABLE receipt (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, day TEXT, headers INTEGER NOT NULL, samples INTEGER NOT NULL,
    bodies INTEGER NOT NULL, digest TEXT NOT NULL, bytes_before INTEGER NOT NULL, bytes_after INTEGER,
    orphans INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL, signature TEXT
  );
  CREATE TABLE checkpoint (
    sequence INTEGER PRIMARY KEY, head TEXT NOT NULL, at INTEGER NOT NULL, folder TEXT NOT NULL,
    public_key TEXT NOT NULL, signature TEXT NOT NULL
  );
  CREATE TABLE backup (
    id TEXT PRIMARY KEY, folder TEXT NOT NULL, created_at INTEGER NOT NULL, destroy_by INTEGER NOT NULL,
    days INTEGER NOT NULL, headers INTEGER NOT NULL, live INTEGER NOT NULL, bytes INTEGER NOT NULL
  );
  `,
  `
  -- mail to the relay itself, until it is read
  CREATE TABLE inbox (
    id INTEGER PRIMARY KEY, desk TEXT NOT NULL, received_at INTEGER NOT NULL, client TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, content BLOB NOT NULL
  );
  -- what speaks for abuse: words and ids, never content
  CREATE TABLE signal (
    id INTEGER PRIMARY KEY, account INTEGER, kind TEXT NOT NULL, at INTEGER NOT NULL, weight INTEGER NOT NULL,
    summary TEXT NOT NULL, messages TEXT NOT NULL, source TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1,
    -- what makes it the same as another, and the figure behind it
    fact TEXT NOT NULL, value REAL,
    -- of complaints by mail: network of the reporter, and whether it counts
    reporter TEXT, counted INTEGER NOT NULL DEFAULT 0,
    case_id INTEGER
  );
  CREATE INDEX signal_account ON signal (account, id);
  CREATE INDEX signal_fact ON signal (fact, at);
  CREATE INDEX signal_reporter ON signal (reporter, at) WHERE reporter IS NOT NULL;
  CREATE INDEX signal_case ON signal (case_id) WHERE case_id IS NOT NULL;
  `,
  `
  -- messages an hour over all credentials; null for no limit
  ALTER TABLE account ADD COLUMN hourly_limit INTEGER;
  -- flow, or held: accepted and put aside
  ALTER TABLE account ADD COLUMN outgoing TEXT NOT NULL DEFAULT 'flow';
  CREATE TABLE review_case (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
    owner TEXT, opened_by TEXT NOT NULL, opened_at INTEGER NOT NULL, decided_at INTEGER, closed_at INTEGER, verdict TEXT
  );
  CREATE INDEX review_case_account ON review_case (account);
  CREATE TABLE case_event (
    id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
    text TEXT NOT NULL
  );
  CREATE INDEX case_event_case ON case_event (case_id);
  -- the way of a sample to be opened; times in milliseconds
  CREATE TABLE opening (
    id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, sample INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
    override TEXT, requester INTEGER NOT NULL, requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL,
    needs_second INTEGER NOT NULL, approver INTEGER, approved_by TEXT, approved_at INTEGER, opens_at INTEGER,
    expires_at INTEGER NOT NULL, opened_at INTEGER
  );
  CREATE INDEX opening_case ON opening (case_id);
  CREATE TABLE case_action (
    id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, kind TEXT NOT NULL, per_hour INTEGER, reason TEXT NOT NULL,
    by TEXT NOT NULL, at INTEGER NOT NULL, letter TEXT, undone_by TEXT, undone_at INTEGER
  );
  CREATE INDEX case_action_case ON case_action (case_id);
  `,
  `
  -- sessions get a number to be named by, and say where they are and when they were last used
  CREATE TABLE person_session (
    id INTEGER PRIMARY KEY AUTOINCREMENT, token_hash TEXT NOT NULL UNIQUE, person INTEGER NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, address TEXT NOT NULL,
    kind TEXT NOT NULL
  );
  INSERT INTO person_session (token_hash, person, created_at, expires_at, seen_at, address, kind)
    SELECT token_hash, person, created_at, expires_at, created_at, '', 'browser' FROM session;
  DROP TABLE session;
  ALTER TABLE person_session RENAME TO session;
  CREATE INDEX session_person ON session (person);
  CREATE TABLE invitation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE, invited_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX invitation_email ON invitation (lower(email));
  -- a secret counts once it is confirmed; last_step is the time step (RFC 6238) of the last code that was taken
  CREATE TABLE second_factor (
    person INTEGER PRIMARY KEY REFERENCES person (id), secret BLOB NOT NULL, confirmed_at INTEGER, last_step INTEGER NOT NULL
  );
  CREATE TABLE recovery_code (
    person INTEGER NOT NULL REFERENCES person (id), hash TEXT NOT NULL, PRIMARY KEY (person, hash)
  ) WITHOUT ROWID;
  CREATE TABLE api_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person (id), name TEXT NOT NULL,
    scope TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    used_at INTEGER
  );
  CREATE INDEX api_token_person ON api_token (person);
  `,
  `
  -- when a person found that it says nothing
  ALTER TABLE signal ADD COLUMN dismissed_at INTEGER;
  `,
  `
  -- the account a member acts for, by id; what account holders ask for and nobody has decided yet
  ALTER TABLE person ADD COLUMN account INTEGER;
  ALTER TABLE invitation ADD COLUMN account INTEGER;
  CREATE TABLE trust_request (
    account INTEGER PRIMARY KEY, requested_by TEXT NOT NULL, reason TEXT NOT NULL, requested_at INTEGER NOT NULL
  );
  `,
  `
  -- what people ask about data held of them; subject becomes a short hash once the person was erased
  CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, track TEXT NOT NULL, subject TEXT NOT NULL,
    account INTEGER, source TEXT NOT NULL, received_at INTEGER NOT NULL, due_at INTEGER NOT NULL,
    extended INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, outcome TEXT, ground TEXT, owner TEXT, parent INTEGER,
    text TEXT NOT NULL, correction TEXT NOT NULL, suppress INTEGER NOT NULL, closed_at INTEGER,
    identity_how TEXT, identity_by TEXT, identity_at INTEGER,
    -- JSON: counts and words, never an address
    search TEXT, execution TEXT, receipts TEXT NOT NULL DEFAULT '[]',
    -- the legal hold of a restriction
    hold INTEGER,
    -- when the person was taken out of the request itself
    erased_at INTEGER
  );
  CREATE INDEX request_state ON request (state, due_at);
  CREATE INDEX request_parent ON request (parent) WHERE parent IS NOT NULL;
  CREATE TABLE request_event (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES request (id), at INTEGER NOT NULL, actor TEXT NOT NULL,
    kind TEXT NOT NULL, text TEXT NOT NULL
  );
  CREATE INDEX request_event_request ON request_event (request);
  -- account: whose log it is in, 0 for nobody's; about: the account it was forwarded to; message: what it went out as
  CREATE TABLE request_letter (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES request (id), kind TEXT NOT NULL,
    account INTEGER NOT NULL, about INTEGER, address TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
    at INTEGER NOT NULL, message INTEGER
  );
  CREATE INDEX request_letter_request ON request_letter (request);
  CREATE TABLE request_code (
    request INTEGER PRIMARY KEY REFERENCES request (id), hash TEXT NOT NULL, sent_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
  );
  `,
  `
  -- the policy in its versions: at most one draft, at most one announced, one in force
  CREATE TABLE policy_version (
    version INTEGER PRIMARY KEY, state TEXT NOT NULL, text TEXT NOT NULL, owner TEXT NOT NULL, keep_days INTEGER NOT NULL,
    prepared_by TEXT NOT NULL, prepared_at INTEGER NOT NULL, announced_at INTEGER, effective_at INTEGER,
    -- since when it was in force; null when it never was
    in_force_at INTEGER, reason TEXT NOT NULL
  );
  -- letters about a version, and what became of them; state, at and reply are written once that is final
  CREATE TABLE policy_notice (
    version INTEGER NOT NULL REFERENCES policy_version (version), account INTEGER NOT NULL, about TEXT NOT NULL,
    recipient TEXT NOT NULL, message INTEGER, state TEXT, at INTEGER, reply TEXT,
    PRIMARY KEY (version, account, about)
  ) WITHOUT ROWID;
  -- consent to mailings
  CREATE TABLE consent (
    id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, address TEXT NOT NULL, purpose TEXT NOT NULL,
    given_at INTEGER NOT NULL, source TEXT NOT NULL, withdrawn_at INTEGER, withdrawn_by TEXT
  );
  CREATE UNIQUE INDEX consent_standing ON consent (account, purpose, lower(address)) WHERE withdrawn_at IS NULL;
  -- mailings on their way, to be stopped when the consent is withdrawn
  CREATE TABLE mailing_message (message INTEGER PRIMARY KEY, consent INTEGER NOT NULL, sent_at INTEGER NOT NULL);
  CREATE INDEX mailing_message_consent ON mailing_message (consent);
  -- what authorities demanded; recorder and approver: the person, 0 for the owner of the data folder
  CREATE TABLE disclosure (
    id INTEGER PRIMARY KEY AUTOINCREMENT, authority TEXT NOT NULL, basis TEXT NOT NULL, scope TEXT NOT NULL,
    received_at INTEGER NOT NULL, gag_until INTEGER, state TEXT NOT NULL, recorder INTEGER NOT NULL,
    recorded_by TEXT NOT NULL, recorded_at INTEGER NOT NULL, approver INTEGER, approved_by TEXT, approved_at INTEGER,
    hold INTEGER, exported_at INTEGER, exported_by TEXT, export_records INTEGER, export_bytes INTEGER, export_sha256 TEXT,
    notice_at INTEGER, no_notice_reason TEXT NOT NULL DEFAULT '', note TEXT NOT NULL
  );
  `,
  `
  -- packages that answer requests for access and portability. The content lies in packages/, encrypted under the row's
  -- keys: clearing them is the deletion, the files are tidied up after (those no row names are removed)
  CREATE TABLE package (
    id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL,
    -- the account whose own mail it holds, with the addresses it wrote to; null where other people are redacted
    account INTEGER,
    created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, destroyed_at INTEGER,
    file TEXT NOT NULL, key BLOB, bytes INTEGER NOT NULL, records INTEGER NOT NULL, sha256 TEXT NOT NULL,
    needs_review INTEGER NOT NULL, builder INTEGER NOT NULL, built_by TEXT NOT NULL,
    reviewer INTEGER, reviewed_by TEXT, reviewed_at INTEGER,
    -- the file that was handed over: protected by its passphrase and by a key of its own; of the link only a hash
    handed_file TEXT, handed_key BLOB, link_hash TEXT, link_expires INTEGER, downloads INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX package_request ON package (request);
  CREATE UNIQUE INDEX package_link ON package (link_hash) WHERE link_hash IS NOT NULL;
  `,
  `
  -- addresses an account never writes to again: keyed hashes, the addresses are forgotten
  CREATE TABLE suppression (
    account INTEGER NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, request INTEGER, PRIMARY KEY (account, hash)
  ) WITHOUT ROWID;
  -- whether the search index of the day knows the persons in every one of its records
  ALTER TABLE day ADD COLUMN persons INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- a reset of the second factor that the person has not been told of yet
  ALTER TABLE person ADD COLUMN factor_reset_at INTEGER;
  ALTER TABLE person ADD COLUMN factor_reset_by TEXT;
  `,
  `
  -- the highest id a person ever had: those of people who are gone are named by openings, disclosures and packages
  INSERT INTO setting (key, value) SELECT 'people.lastId', CAST(max(
    (SELECT coalesce(max(id), 0) FROM person),
    (SELECT coalesce(max(max(requester, coalesce(approver, 0))), 0) FROM opening),
    (SELECT coalesce(max(max(recorder, coalesce(approver, 0))), 0) FROM disclosure),
    (SELECT coalesce(max(max(builder, coalesce(reviewer, 0))), 0) FROM package)) AS TEXT);
  `,
  `
  -- what the account was before an action, JSON; whether the queue and the letter have still to follow it
  ALTER TABLE case_action ADD COLUMN before TEXT;
  ALTER TABLE case_action ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX case_action_pending ON case_action (pending) WHERE pending = 1;
  `,
  `
  -- routes that said a login may go without TLS still say so, now by name
  UPDATE route SET route = json_set(route, '$.unverifiedLogin', json('true'))
  WHERE json_extract(route, '$.kind') = 'smarthost' AND json_extract(route, '$.username') IS NOT NULL
    AND json_extract(route, '$.tls') = 'none';
  `,
]

/**
 * `days/DAY.db`: the header records of one UTC day and their search index. The index has no content of its own and no
 * positions: a word is one term under the letter of its field, so that each field has lists of its own (see terms.ts).
 */
export const dayMigrations: readonly string[] = [
  `
  CREATE TABLE record (
    id INTEGER PRIMARY KEY, account INTEGER NOT NULL, credential INTEGER, accepted_at INTEGER NOT NULL,
    sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL, message_id TEXT NOT NULL,
    size INTEGER NOT NULL, status INTEGER NOT NULL, keep_until INTEGER NOT NULL, sampled INTEGER NOT NULL,
    in_doubt INTEGER NOT NULL, extra TEXT NOT NULL, detail BLOB NOT NULL
  );
  CREATE INDEX record_size ON record (size);
  CREATE VIRTUAL TABLE search USING fts5(
    terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
  );
  `,
  'ALTER TABLE record ADD COLUMN number INTEGER',
]

/** `samples/DAY.db`: the sealed bytes of the samples of one UTC day. */
export const sampleMigrations: readonly string[] = [
  'CREATE TABLE sample (message INTEGER PRIMARY KEY, content BLOB NOT NULL)',
]
