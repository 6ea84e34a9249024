/** A message of the relay itself, ready to be accepted. */
export interface SystemMessage {
  recipient: string
  /** the whole message: CRLF, 7 bit, unless an address in its header needs UTF-8 */
  data: Uint8Array
  /** length in bytes of the header block of `data`, including the empty line that ends it */
  headerLength: number
  subject: string
  /** without angle brackets */
  messageId: string
  /** whether it can only travel with SMTPUTF8 */
  smtputf8: boolean
}
