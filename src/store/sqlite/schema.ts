/** The tables. Migrations are only ever added at the end. */

import { type DeliveryState, deliveryStates, type MessageStatus } from '../../model/delivery.ts'

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
]
