/** Ready-made settings of common clients for one credential. */

export interface Submission {
  host: string
  port: number
  username: string
  password: string
  from: string
  to: string
  /** the certificate was made by the relay itself: no authority vouches for it */
  selfMade: boolean
  /** SHA-256 of the certificate, hex with colons */
  fingerprint: string
}

export const clients = ['swaks', 'msmtp', 'postfix', 'nodemailer', 'python'] as const
export type Client = (typeof clients)[number]

/** Names of the clients as they are written. */
export const clientNames: Record<Client, string> = {
  swaks: 'swaks',
  msmtp: 'msmtp',
  postfix: 'Postfix',
  nodemailer: 'Nodemailer',
  python: 'Python',
}

/** `127.0.0.1`, or `[::1]` where a port follows. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function swaks(s: Submission): string {
  return [
    `swaks --server ${bracketed(s.host)}:${s.port} --tls \\`,
    `  --auth PLAIN --auth-user '${s.username}' --auth-password '${s.password}' \\`,
    `  --from '${s.from}' --to '${s.to}' \\`,
    `  --header 'Subject: Hello from swaks'`,
  ].join('\n')
}

function msmtp(s: Submission): string {
  return [
    '# ~/.msmtprc',
    'account mailward',
    `host ${s.host}`,
    `port ${s.port}`,
    'auth on',
    `user ${s.username}`,
    `password ${s.password}`,
    `from ${s.from}`,
    'tls on',
    'tls_starttls on',
    ...(s.selfMade ? [`tls_fingerprint ${s.fingerprint}`] : []),
    '',
    'account default : mailward',
  ].join('\n')
}

function postfix(s: Submission): string {
  return [
    '# main.cf',
    `relayhost = [${s.host}]:${s.port}`,
    'smtp_sasl_auth_enable = yes',
    `smtp_sasl_password_maps = static:${s.username}:${s.password}`,
    'smtp_sasl_security_options = noanonymous',
    ...(s.selfMade
      ? [
          'smtp_tls_security_level = fingerprint',
          'smtp_tls_fingerprint_digest = sha256',
          `smtp_tls_fingerprint_cert_match = ${s.fingerprint}`,
        ]
      : ['smtp_tls_security_level = verify']),
  ].join('\n')
}

function nodemailer(s: Submission): string {
  return [
    "import nodemailer from 'nodemailer'",
    '',
    'const transport = nodemailer.createTransport({',
    `  host: '${s.host}',`,
    `  port: ${s.port},`,
    '  requireTLS: true,',
    ...(s.selfMade
      ? ['  // the certificate is self-made: accept it on this machine only', '  tls: { rejectUnauthorized: false },']
      : []),
    `  auth: { user: '${s.username}', pass: '${s.password}' },`,
    '})',
    'await transport.sendMail({',
    `  from: '${s.from}',`,
    `  to: '${s.to}',`,
    "  subject: 'Hello from Nodemailer',",
    "  text: 'It works.',",
    '})',
  ].join('\n')
}

function python(s: Submission): string {
  return [
    'import smtplib, ssl',
    'from email.message import EmailMessage',
    '',
    'message = EmailMessage()',
    `message["From"] = "${s.from}"`,
    `message["To"] = "${s.to}"`,
    'message["Subject"] = "Hello from Python"',
    'message.set_content("It works.")',
    '',
    'context = ssl.create_default_context()',
    ...(s.selfMade
      ? [
          '# the certificate is self-made: accept it on this machine only',
          'context.check_hostname = False',
          'context.verify_mode = ssl.CERT_NONE',
        ]
      : []),
    `with smtplib.SMTP("${s.host}", ${s.port}) as smtp:`,
    '    smtp.starttls(context=context)',
    `    smtp.login("${s.username}", "${s.password}")`,
    '    smtp.send_message(message)',
  ].join('\n')
}

const writers: Record<Client, (submission: Submission) => string> = { swaks, msmtp, postfix, nodemailer, python }

/** What to paste into a client's configuration, or to run. */
export function settingsFor(client: Client, submission: Submission): string {
  return writers[client](submission)
}
