/**
 * `/unsubscribe/TOKEN`: withdraws a consent without a login. A POST withdraws at once (RFC 8058); a GET only shows a page
 * with a button, since software that scans mail opens every link in it. Who has the token may do this and nothing else,
 * so it does not matter from which site or under which name the request comes.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Consents } from '../../privacy/consents/consents.ts'
import type { Consent } from '../../store/consents.ts'
import { sayText } from './answers.ts'

const PATH = '/unsubscribe/'
/** A one-click body has some thirty octets. */
const MOST_OCTETS = 8192
/** The key and value of a one-click body (RFC 8058 §3.2), in either of the forms it may have. */
const ONE_CLICK = /(?:^|&)List-Unsubscribe=One-Click(?:&|$)|name="List-Unsubscribe"\r?\n\r?\nOne-Click\r?\n/i

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:12vh auto;max-width:28rem;padding:0 1.5rem}
h1{font-size:1.25rem;font-weight:600}button{font:inherit;font-weight:600;padding:.6rem 1.1rem;border:0;border-radius:.5rem;background:#1f5fd0;color:#fff}
button:focus-visible{outline:3px solid #7fa8f5;outline-offset:2px}`

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function sayPage(response: ServerResponse, status: number, title: string, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': POLICY,
  })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title}</title><style>${style}</style><main><h1>${title}</h1>${body}</main></html>\n`)
}

/** The page names the purpose and not the address: links travel. */
function sayQuestion(response: ServerResponse, { purpose }: Consent): void {
  sayPage(
    response,
    200,
    'No more of these letters?',
    `<p>You get mail about <strong>${escaped(purpose)}</strong> because you agreed to it.</p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Send me no more of it</button></form>`,
  )
}

function sayDone(response: ServerResponse, { purpose }: Consent): void {
  sayPage(
    response,
    200,
    'You get no more of these letters',
    `<p>Your consent to mail about <strong>${escaped(purpose)}</strong> is withdrawn. A letter that was sent in this moment may still arrive.</p>`,
  )
}

/** The body of a request; undefined when it is too long for one. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let text = ''
  for await (const chunk of request.setEncoding('latin1')) {
    text += String(chunk)
    if (text.length > MOST_OCTETS) return undefined
  }
  return text
}

/** Whether a path is of this page. */
export function isUnsubscribe(pathname: string): boolean {
  return pathname.startsWith(PATH)
}

/** Answers a request for the page. */
export async function answerUnsubscribe(
  consents: Pick<Consents, 'find' | 'withdrawByToken'>,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const token = pathname.slice(PATH.length)
  if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST')
    return sayText(response, 405, 'only GET and POST are possible here')
  const consent = await consents.find(token)
  if (!consent) return sayText(response, 404, 'this link is not one of ours: copy it whole from the letter')
  if (request.method !== 'POST') return consent.withdrawn ? sayDone(response, consent) : sayQuestion(response, consent)
  const body = await bodyOf(request)
  if (body === undefined || !ONE_CLICK.test(body))
    return sayText(response, 400, 'send List-Unsubscribe=One-Click, as RFC 8058 has it')
  await consents.withdrawByToken(token, 'one-click')
  sayDone(response, consent)
}
