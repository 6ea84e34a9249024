/** Mail that tries everything an opened sample must not do, and somebody who listens for it. */

import { createServer, type Server } from 'node:http'
import { createTransport } from 'nodemailer'
import { accountPassword, type ConsoleRelay } from './support.ts'

/** Stands in the text and the HTML part, and must be nowhere on disk afterwards. */
export const CANARY = 'glasshouse-periwinkle-40417'

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

/** A server that only counts who asks, or so much as connects. */
export class Listener {
  readonly requests: string[] = []
  connections = 0
  private readonly server: Server

  constructor() {
    this.server = createServer((request, response) => {
      this.requests.push(request.url ?? '')
      response.end()
    })
    this.server.on('connection', () => {
      this.connections++
    })
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return `http://127.0.0.1:${address.port}`
  }

  stop(): void {
    this.server.close()
    this.server.closeAllConnections()
  }
}

/** HTML with every known way to load, run, submit or lead away, to `out`. */
export function hostileHtml(out: string): string {
  return [
    `<html><head><base href="${out}/base/"><meta http-equiv="refresh" content="0;url=${out}/refresh">`,
    `<link rel="stylesheet" href="${out}/link.css"><link rel="prefetch" href="${out}/prefetch">`,
    `<link rel="dns-prefetch" href="${out}"><link rel="preconnect" href="${out}">`,
    `<style>@import url("${out}/import.css"); body { background: url(${out}/style.png) }`,
    `@font-face { font-family: x; src: url(${out}/font.woff) } p::after { content: url(${out}/after.png) }</style>`,
    `<script>fetch('${out}/script'); top.location = '${out}/top'</script></head>`,
    `<body background="${out}/body.png" onload="fetch('${out}/onload')">`,
    `<h1 style="color: #0b6b5d">Your account is limited</h1><p>${CANARY} <b>Confirm your password</b></p>`,
    `<p style="background:url(${out}/css.png)">a</p><p style="background-image:u\\72l('${out}/escaped.png')">b</p>`,
    `<p style="list-style-image:url(${out}/list.png);cursor:url(${out}/cursor.cur),auto">c</p>`,
    `<div style="background:image-set(url('${out}/set.png') 1x)">d</div>`,
    `<img src="${out}/img.png" onerror="fetch('${out}/onerror')" alt="Logo"><img srcset="${out}/srcset.png 1x">`,
    `<picture><source srcset="${out}/source.png"><img src="//${out.slice(7)}/scheme.png"></picture>`,
    `<img src="${PIXEL}" alt="inline"><img src="data:image/svg+xml,<svg onload=alert(1)>">`,
    `<svg onload="fetch('${out}/svg')"><image href="${out}/svg-image.png"/><style>@import '${out}/svg.css';</style>`,
    `<foreignObject><img src="${out}/foreign.png"></foreignObject><use href="${out}/use.svg#a"/></svg>`,
    `<math href="javascript:fetch('${out}/math')"><mtext><img src="${out}/mtext.png"></mtext></math>`,
    `<form action="${out}/form"><input type="image" src="${out}/input.png"><button formaction="${out}/button">Log in`,
    `</button><input name="password"></form>`,
    `<iframe src="${out}/iframe"></iframe><iframe srcdoc="<img src='${out}/srcdoc.png'>"></iframe>`,
    `<object data="${out}/object"></object><embed src="${out}/embed"><applet code="${out}/applet"></applet>`,
    `<video poster="${out}/poster.png" src="${out}/video" autoplay></video><audio src="${out}/audio" autoplay></audio>`,
    `<table background="${out}/table.png"><tr><td background="${out}/td.png">cell</td></tr></table>`,
    `<a href="javascript:fetch('${out}/js')">Run</a> <a href="data:text/html,<script>1</script>">Data</a>`,
    `<a href="${out}/anchor" ping="${out}/ping" target="_top">Confirm now</a>`,
    `<a href="https://bank.example/login">bank.example</a> <area href="${out}/area">`,
    `<noscript><img src="${out}/noscript.png"></noscript><template><img src="${out}/template.png"></template>`,
    `<!--[if mso]><img src="${out}/mso.png"><![endif]--><p id="x" name="y">end</p></body></html>`,
  ].join('\n')
}

/** The whole message, with an attachment and a text part. */
export function hostileMessage(html: string): string {
  const lines = [
    'From: Acme Billing <billing@acme.example>',
    'To: tom@kestrel.example',
    'Subject: Your account is limited',
    'X-Mailer: mass 1.0',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    '--outer',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Dear customer,',
    '',
    `your account is limited (${CANARY}). Confirm your password within 24 hours`,
    'at https://kestrel-login.example/confirm or it will be closed.',
    '--inner',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
    '--inner--',
    '--outer',
    'Content-Type: application/zip; name="invoice.zip"',
    'Content-Disposition: attachment; filename="invoice.zip"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('not really an archive').toString('base64'),
    '--outer--',
    '',
  ]
  return lines.join('\r\n')
}

/** Submits the same message so often: of a thousand exactly one is drawn. */
export async function sendAgain(relay: ConsoleRelay, message: string, times: number, account = 'acme'): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: relay.smtpPort,
    pool: true,
    maxConnections: 4,
    maxMessages: Number.POSITIVE_INFINITY,
    tls: { rejectUnauthorized: false },
    auth: { user: account, pass: accountPassword },
  })
  const envelope = { from: `billing@${account}.example`, to: 'tom@kestrel.example' }
  try {
    await Promise.all(Array.from({ length: times }, () => transport.sendMail({ envelope, raw: message })))
  } finally {
    transport.close()
  }
}
