/** Cases, the opening of samples, and what follows, in the words of the model. Times are milliseconds of Unix time. */

import type { Account } from '../model/account.ts'
import type {
  ActionKind,
  CaseEventKind,
  CaseSettings,
  CaseStatus,
  Finding,
  OpeningState,
  Refusal,
} from '../model/case.ts'
import type { MessageId } from '../model/id.ts'

/** A person who acts. */
export interface Actor {
  /** 0 for the owner of the data folder on the command line, who is nobody's second person */
  id: number
  email: string
}

export interface Case {
  id: number
  account: number
  status: CaseStatus
  reason: string
  note: string
  owner: string | undefined
  openedBy: string
  openedAt: number
  decidedAt: number | undefined
  closedAt: number | undefined
  verdict: Finding | undefined
  signals: number
  /** weights of its signals together, at most 100 */
  suspicion: number
  /** openings that wait for a second person or for their time */
  waiting: number
}

export interface CaseEvent {
  id: number
  at: number
  actor: string
  kind: CaseEventKind
  text: string
}

export interface Opening {
  id: number
  case: number
  sample: MessageId
  state: OpeningState
  reason: string
  override: string | undefined
  requester: number
  requestedBy: string
  requestedAt: number
  needsSecond: boolean
  approvedBy: string | undefined
  approvedAt: number | undefined
  opensAt: number | undefined
  expiresAt: number
  openedAt: number | undefined
}

/** A letter about an action. */
export interface ActionLetter {
  subject: string
  text: string
  replyTo?: string | undefined
  /** once it is in the queue */
  message: MessageId | undefined
}

export interface Action {
  id: number
  case: number
  kind: ActionKind
  perHour: number | undefined
  reason: string
  by: string
  at: number
  letter: ActionLetter | undefined
  undoneBy: string | undefined
  undoneAt: number | undefined
}

export type NewAction = Omit<Action, 'id' | 'undoneBy' | 'undoneAt'>

/** An action whose queue and letter have not followed yet. */
export interface PendingAction extends Action {
  account: number
}

/** What an action, or its undoing, changed about an account. */
export type AccountChange = { account: number } & Partial<
  Pick<Account, 'status' | 'statusReason' | 'outgoing' | 'hourlyLimit'>
>

/** What the automatic brake writes. */
export interface AutomaticHold {
  account: number
  /** of the case, where a new one is opened */
  reason: string
  note: string
  signals: number[]
  action: Omit<NewAction, 'case'>
}

/** A sample of an account under review, with the latest opening on the case. */
export interface CaseSample {
  message: MessageId
  block: number
  position: number
  acceptedAt: number
  keepUntil: number
  size: number
  domains: string[]
  score: number | undefined
  flagged: boolean
  held: boolean
  opening: Opening | undefined
}

export interface CaseDetail extends Case {
  events: CaseEvent[]
  samples: CaseSample[]
  actions: Action[]
}

export type OpeningResult =
  | { ok: true; opening: Opening }
  | { ok: false; refusal: Refusal | 'not found' | 'suspicion' | 'no sample' }

export interface AccessReport {
  /** samples stored now */
  samples: number
  openings: { at: number; sample: MessageId; case: number; reason: string }[]
  /** openings without a second person that wait for their time: announced here before they happen */
  announced: { opensAt: number; sample: MessageId; case: number; reason: string }[]
}

export interface RequestListState {
  /** cases that are not closed */
  active: number
  /** those without an owner */
  unowned: number
  /** asked for or approved, neither used nor expired; oldest first */
  openings: (Opening & { account: number })[]
}

export interface CaseStore {
  desk(now: number): Promise<RequestListState>
  /** Those not closed first, oldest first; `active` leaves closed ones out. */
  list(
    filter: { status?: CaseStatus | 'active'; account?: number },
    limit: number,
    cursor: string | undefined,
    now: number,
  ): Promise<{ cases: Case[]; next: string | undefined }>
  get(id: number, now: number): Promise<CaseDetail | undefined>
  /** Signals of other accounts or of other open cases are left out. */
  open(
    given: { account: number; reason: string; note: string; signals: number[] },
    actor: Actor,
    at: number,
  ): Promise<number>
  addSignals(id: number, signals: number[], actor: Actor, at: number): Promise<void>
  assign(id: number, owner: string, actor: Actor, at: number): Promise<void>
  note(id: number, text: string, actor: Actor, at: number): Promise<CaseEvent>
  decide(id: number, verdict: Finding, note: string, actor: Actor, at: number): Promise<void>
  close(id: number, note: string, actor: Actor, at: number): Promise<void>
  reopen(id: number, reason: string, actor: Actor, at: number): Promise<void>
  /**
   * Writes an answer of the account to a letter about a case down, and ends the mail it came by. A case that is decided
   * is opened again by it.
   */
  appeal(given: { case: number; inbox: number; text: string }, at: number): Promise<void>
  /** Writes an action down, and does to the account what it says, in one transaction. The queue follows. */
  addAction(action: NewAction, actor: Actor): Promise<number>
  action(id: number): Promise<Action | undefined>
  /** The account is again what it was before, unless something later stands. */
  undoAction(id: number, reason: string, actor: Actor, at: number): Promise<void>
  /** Holds an account, with its case. Undefined when its mail does not flow any more. */
  brake(order: AutomaticHold, actor: Actor): Promise<{ case: number; id: number } | undefined>
  pendingActions(): Promise<PendingAction[]>
  actionNotified(id: number, message: MessageId): Promise<void>
  actionDone(id: number): Promise<void>
  accessReport(account: number): Promise<AccessReport>

  requestOpening(
    given: { case: number; sample: MessageId; reason: string; override: string | undefined },
    policy: CaseSettings,
    actor: Actor,
    at: number,
  ): Promise<OpeningResult>
  /** By somebody else than who asked, in the writing transaction; the first of two approvals wins. */
  approveOpening(id: number, policy: CaseSettings, actor: Actor, at: number): Promise<OpeningResult>
  refuseOpening(id: number, reason: string, actor: Actor, at: number): Promise<OpeningResult>
  /** By who asked or who approved. */
  revokeOpening(id: number, reason: string, actor: Actor, at: number): Promise<OpeningResult>
  /** Uses an opening up, durably, before anything is decrypted. */
  takeOpening(id: number, actor: Actor, at: number): Promise<OpeningResult>
  opening(id: number): Promise<Opening | undefined>
}
