/** A message while it is being submitted: what MAIL and RCPT have said of it so far. */

import type { Account, Credential } from '../../model/account.ts'
import type { Envelope, RecipientOptions } from '../../model/message.ts'
import type { CheckResult } from './checkResult.ts'

/** Whose mail it is, and what it was submitted with. */
export interface Sender {
  account: Account
  credential: Credential
}

export interface Recipient {
  /** as given */
  address: string
  options: RecipientOptions
}

/** A message from MAIL to the end of DATA. */
export interface Transaction {
  /** whose mail it is; or why it may go to a desk of the relay only */
  sender: CheckResult<Sender>
  envelope: Envelope
  /** what the client says the message has, octets (RFC 1870) */
  size: number | undefined
  /**
   * In the order given, each once. The key is the local part as given (RFC 5321 §2.4: Bob and bob are two) with the
   * domain in lower case.
   */
  recipients: Map<string, Recipient>
  /** the desk it is for; undefined for mail to be sent on */
  desk: string | undefined
}
