/** The privacy desk over real sockets: who is answered, what hostile mail becomes, refusals, and codes by mail. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusalGrounds } from '../../src/model/request.ts'
import { Client as SmtpClient } from '../submission/support/client.ts'
import { RequestFixture, textOf } from './support.ts'

let fixture: RequestFixture

beforeAll(async () => {
  fixture = await RequestFixture.start(['acme', 'bravo'])
})
afterAll(() => fixture.stop())

const mail = (from: string, subject: string, text: string, further = '') =>
  `From: ${from}\r\nSubject: ${subject}\r\n${further}\r\n${text}\r\n`

function of(address: string) {
  return fixture.request(({ subject }) => subject === address)
}

function lettersTo(address: string): string[] {
  return fixture.sink.messages
    .filter(({ recipients }) => recipients.some((recipient) => recipient.address === address))
    .map((message) => textOf(message))
}

describe('a mail', () => {
  test.each([
    ['deletion', 'Please remove all my data.'],
    ['deletion', 'Bitte löschen Sie meine Daten nach Art. 17 DSGVO.'],
    ['access', 'Which data do you hold about me?'],
    ['access', 'Ich bitte um Auskunft.'],
    ['objection', 'Stop writing to me, I object.'],
    ['correction', 'You have to rectify my name.'],
    ['restriction', 'Hiermit verlange ich die Einschränkung der Verarbeitung.'],
    ['portability', 'Give it to me in a machine-readable file, as article 20 says.'],
    ['access', 'Hello there.'],
  ])('is read as %s: %s', async (kind, text) => {
    const address = `p${Buffer.from(text).toString('hex').slice(0, 24)}@kestrel.example`
    await fixture.write(mail(address, 'my data', text), address)
    const request = await of(address)
    expect(request).toMatchObject({ kind, track: 'third party', source: 'mail' })
    const { events, text: kept } = await fixture.local.requests.get({ id: request.id })
    expect(kept).toContain(text)
    expect(events.map((event) => event.kind)).toContain('guess')
    await fixture.letter(address, 'We have received your request')
  })

  test('is acknowledged once a day, whatever and how often it asks', async () => {
    const address = 'often@kestrel.example'
    await fixture.write(mail(address, 'one', 'Please delete my data.'), address)
    await fixture.letter(address, 'We have received')
    await fixture.write(mail(address, 'two', 'Please delete my pictures too.'), address)
    await fixture.write(mail(address, 'three', 'And which data do you hold?'), address)
    const access = await fixture.request(({ subject, kind }) => subject === address && kind === 'access')
    const { requests } = await fixture.local.requests.list({ state: 'open', limit: 500 })
    const own = requests.filter(({ subject }) => subject === address)
    expect(own.map(({ kind }) => kind).sort()).toEqual(['access', 'deletion'])
    const first = await fixture.local.requests.get({ id: own.find(({ id }) => id !== access.id)!.id })
    expect(first.events.at(-1)).toMatchObject({ kind: 'mail', text: expect.stringContaining('pictures') })
    expect(lettersTo(address)).toHaveLength(1)
  })

  test.each([
    ['a list', 'list@kestrel.example', 'List-Id: <cats.kestrel.example>\r\n'],
    ['bulk mail', 'bulk@kestrel.example', 'Precedence: bulk\r\n'],
    ['a program', 'program@kestrel.example', 'Auto-Submitted: auto-generated\r\n'],
    ['nobody’s mailbox', 'no-reply@kestrel.example', ''],
  ])('of %s opens a request and is not answered', async (_, address, further) => {
    await fixture.write(mail(address, 'data', 'Please delete my data.', further), address)
    const { letters } = await fixture.local.requests.get({ id: (await of(address)).id })
    expect(letters).toEqual([])
  })

  test('without a return path is not answered', async () => {
    await fixture.write(mail('null@kestrel.example', 'data', 'Please delete my data.'), '')
    const { letters } = await fixture.local.requests.get({ id: (await of('null@kestrel.example')).id })
    expect(letters).toEqual([])
  })

  test('that answers by itself, or reports about mail, opens nothing', async () => {
    const away = 'Auto-Submitted: auto-replied\r\n'
    await fixture.write(
      mail('away@kestrel.example', 'Re: hello', 'I am away: delete this.', away),
      'away@kestrel.example',
    )
    const report = 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n'
    await fixture.write(mail('MAILER-DAEMON@kestrel.example', 'Not delivered', '--b--', report), '')
    await fixture.write(mail('last@kestrel.example', 'data', 'Please delete my data.'), 'last@kestrel.example')
    await of('last@kestrel.example')
    const { requests } = await fixture.local.requests.list({ state: 'all', limit: 500 })
    expect(requests.filter(({ subject }) => /away|daemon/i.test(subject))).toEqual([])
  })
})

describe('hostile mail', () => {
  async function kept(address: string, content: string) {
    expect(await fixture.write(content, address)).toMatch(/^250/)
    return fixture.local.requests.get({ id: (await of(address)).id })
  }

  test('leaves its words, without controls, direction marks and tags', async () => {
    const evil = 'delete \u202eexe.txt\u0007\u001b[2J\u200b me <script>alert(1)</script>'
    const head = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n'
    const text = Buffer.from(evil).toString('base64')
    const request = await kept('controls@kestrel.example', mail('controls@kestrel.example', 'x', text, head))
    expect(request.text).toBe('Subject: x\n\ndelete exe.txt[2J me <script>alert(1)</script>')
  })

  test('in HTML leaves its words', async () => {
    const html =
      '<html><style>p{}</style><p>Please&nbsp;delete <b>everything</b></p><img src=http://evil.example/x></html>'
    const head = 'Content-Type: text/html\r\n'
    const request = await kept('html@kestrel.example', mail('html@kestrel.example', 'x', html, head))
    expect(request.text).toMatch(/^Subject: x\n\nPlease delete everything$/)
    expect(request.kind).toBe('deletion')
  })

  test('in HTML leaves its words as they are read, whatever stands for a letter', async () => {
    const html =
      '<p>Bitte l&ouml;schen &#252;ber&#xDF;&hellip; &Eacute; &amp;lt;b&amp;gt; &#1114112;&#xD800; &unknown;</p>'
    const head = 'Content-Type: text/html; charset=us-ascii\r\n'
    const request = await kept('entities@kestrel.example', mail('entities@kestrel.example', 'x', html, head))
    expect(request.text).toBe('Subject: x\n\nBitte löschen überß… É &lt;b&gt; \ufffd\ufffd &unknown;')
    expect(request.kind).toBe('deletion')
  })

  test.each([
    ['of a quoted name', '"tom, jr"@kestrel.example', 'From: "tom, jr"@kestrel.example\r\n'],
    ['without a From field', 'Nobody.From@kestrel.example', ''],
    ['whose From field names nobody', 'vague@kestrel.example', 'From: undisclosed\r\n'],
    ['of a group', 'group@kestrel.example', 'From: Us: group@kestrel.example, ann@harrier.example;\r\n'],
  ])('%s is a request all the same, and answered', async (_, address, from) => {
    const request = await kept(address, `${from}Subject: my data\r\n\r\nPlease delete it.\r\n`)
    expect(request).toMatchObject({ kind: 'deletion', state: 'received' })
    await fixture.letter(address, 'We have received your request')
  })

  test('says what it had besides its text, and where it was too large to be read', async () => {
    const head = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n'
    const part = (name: string, base64: string) =>
      `--b\r\nContent-Type: application/pdf; name=${name}\r\nContent-Disposition: attachment; filename=${name}\r\n` +
      `Content-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`
    const scan = `${part('letter-12345678.pdf', 'JVBERi0=')}--b--\r\n`
    const scanned = await kept('scan@kestrel.example', mail('scan@kestrel.example', 'my letter', scan, head))
    expect(scanned.text).toBe('Subject: my letter\n\n[Attachments are not kept. There was letter-12345678.pdf]')
    const large = part('large.pdf', `${'QUFB'.repeat(19)}\r\n`.repeat(9000))
    const text = `${large}--b\r\nContent-Type: text/plain\r\n\r\nPlease delete it.\r\n--b--\r\n`
    const cut = await kept('cut@kestrel.example', mail('cut@kestrel.example', 'my data', text, head))
    expect(cut.text).toContain(
      '[Only the beginning of this mail was read.]\n[Attachments are not kept. There was large.pdf]',
    )
    // a number in the name of a file is no code
    await fixture.local.requests.sendCode({ id: scanned.id })
    await fixture.write(mail('scan@kestrel.example', `Re: [request ${scanned.id}]`, scan, head), 'scan@kestrel.example')
    const answered = await fixture.detail(scanned.id, ({ events }) => events.some(({ kind }) => kind === 'mail'))
    expect(answered.events.map(({ text }) => text)).not.toContain('a wrong code was given')
  })

  test('of enormous size is cut', async () => {
    const line = `${'delete '.repeat(100)}\r\n`
    const request = await kept('large@kestrel.example', mail('large@kestrel.example', 'x', line.repeat(3000)))
    expect(request.text.length).toBeLessThan(20_300)
  })

  test('with parts without end, a false code, a foreign number or a folded address does no harm', async () => {
    const parts = '--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'.repeat(400)
    const head = 'Content-Type: multipart/mixed; boundary=b\r\n'
    await kept('parts@kestrel.example', mail('parts@kestrel.example', 'delete', parts, head))
    const victim = await of('parts@kestrel.example')
    await fixture.local.requests.sendCode({ id: victim.id })
    // somebody else names the request and tries codes: that is a request of its own
    const guess = mail('guess@kestrel.example', `Re: [request ${victim.id}]`, '12345678 87654321')
    expect((await kept('guess@kestrel.example', guess)).id).not.toBe(victim.id)
    expect((await fixture.local.requests.get({ id: victim.id })).events.map(({ text }) => text)).not.toContain(
      'a wrong code was given',
    )
    const folded = 'From: "a\r\n Bcc: x@y.example" <folded@kestrel.example>\r\nSubject: delete\r\n\r\nx\r\n'
    await kept('folded@kestrel.example', folded)
    expect(lettersTo('x@y.example')).toEqual([])
  })
})

describe('who asks', () => {
  test('is shown by the code that is answered by mail, and by nothing that is guessed', async () => {
    const address = 'code@kestrel.example'
    await fixture.write(mail(address, 'data', 'Please delete my data.'), address)
    const { id } = await of(address)
    await expect(fixture.local.requests.decide({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
    await fixture.local.requests.sendCode({ id })
    const code = /^(\d{4}) (\d{4})$/m.exec(textOf(await fixture.letter(address, 'Please confirm')))!
    // what is kept of the letter does not have it
    const sent = await fixture.local.requests.get({ id })
    expect(JSON.stringify(sent)).not.toMatch(new RegExp(`${code[1]} ?${code[2]}`))
    const wrong = String((Number(code[1]! + code[2]!) + 1) % 100_000_000).padStart(8, '0')
    await expect(fixture.local.requests.confirmCode({ id, code: wrong })).rejects.toMatchObject({ code: 'REFUSED' })
    // a machine's acknowledgement, and whoever quotes our letter, prove nothing and have not guessed wrong either
    const machine = 'Auto-Submitted: auto-generated\r\n'
    await fixture.write(mail(address, `[Ticket#1] Re: [request ${id}]`, `${code[0]}`, machine), address)
    await fixture.write(mail(address, `AW: [request ${id}]`, `what is this?\r\n> ${code[0]}`), address)
    const quoted = await fixture.detail(id, ({ events }) => events.filter(({ kind }) => kind === 'mail').length === 2)
    expect(quoted).toMatchObject({ state: 'received', identity: { confirmed: false } })
    expect(quoted.events.filter(({ text }) => text === 'a wrong code was given')).toHaveLength(1)
    await fixture.write(mail(address, `AW: [request ${id}] code`, `${code[0]}\r\n> here it is`), address)
    const known = await fixture.detail(id, ({ state }) => state === 'identified')
    expect(known.identity).toMatchObject({ confirmed: true, by: 'system' })
  })
})

test('a code that comes after too many tries is no code, and the desk is told to mail a new one', async () => {
  const address = 'tries@kestrel.example'
  const { id } = await fixture.local.requests.open({ kind: 'access', track: 'third party', subject: address })
  await fixture.local.requests.sendCode({ id })
  const code = /^(\d{4}) (\d{4})$/m.exec(textOf(await fixture.letter(address, 'Please confirm')))!
  const wrong = `${code[1] === '0000' ? '0001' : '0000'}${code[2]}`
  for (let tries = 0; tries < 3; tries++)
    await expect(fixture.local.requests.confirmCode({ id, code: wrong })).rejects.toMatchObject({ code: 'REFUSED' })
  await fixture.write(mail(address, `Re: [request ${id}] code`, code[0]), address)
  const told = await fixture.detail(id, ({ events }) => events.some(({ text }) => text.includes('mail a new one')))
  expect(told).toMatchObject({ state: 'received', identity: { confirmed: false } })
  await fixture.local.requests.sendCode({ id })
  expect((await fixture.local.requests.get({ id })).identity.codeSentAt).not.toBeNull()
})

describe('a refusal', () => {
  test.each(refusalGrounds)('because it is %s is recorded and answered, with where to complain', async (ground) => {
    const address = `${ground}@kestrel.example`
    const { id } = await fixture.local.requests.open({ kind: 'deletion', track: 'third party', subject: address })
    const refused = await fixture.local.requests.refuse({ id, ground, reason: 'we looked into it twice' })
    expect(refused).toMatchObject({ state: 'answered', outcome: 'refused' })
    const letter = textOf(await fixture.letter(address, 'Your request is refused'))
    expect(letter).toContain('we looked into it twice')
    expect(letter.replaceAll('\n', ' ')).toContain('right to complain to the data protection authority')
    const closed = await fixture.detail(id, ({ state }) => state === 'closed')
    expect(closed.outcome).toBe('refused')
    // what was refused is not forgotten
    expect(closed.subject).toBe(address)
    const { rows } = await fixture.local.audit.list({ action: 'requests.refuse' })
    expect(rows[0]).toMatchObject({ object: `request ${id}`, facts: { ground } })
  })
})

test.each(['done', 'nothing found', 'refused', 'forwarded'] as const)(
  'a deletion nobody has decided about is not closed as %s: nothing is destroyed by it',
  async (outcome) => {
    const { local } = fixture
    const subject = `kept.${outcome.replace(' ', '.')}@falcon.example`
    await fixture.send('acme', subject)
    const { id } = await local.requests.open({ kind: 'deletion', track: 'third party', subject })
    await fixture.search(id, 1)
    const closing = local.requests.close({ id, outcome, reason: 'tidied up' })
    await expect(closing).rejects.toMatchObject({ code: 'CONFLICT' })
    await local.requests.close({ id, outcome: 'withdrawn', reason: 'it was taken back' })
    // what is carried out comes in its turn: when the next has been, this one would have been too
    const next = await local.requests.open({ kind: 'objection', track: 'third party', subject: `next.${subject}` })
    await local.requests.confirmEvidence({ id: next.id, evidence: 'called back' })
    await local.requests.decide({ id: next.id })
    await local.requests.execute({ id: next.id })
    await fixture.detail(next.id, ({ state }) => state === 'executed')
    expect((await local.messages.list({ filter: { to: subject } })).items).toHaveLength(1)
    expect(await local.requests.get({ id })).toMatchObject({ outcome: 'withdrawn', subject })
  },
)

test('an extension is told with its day and reason', async () => {
  const subject = 'extended@kestrel.example'
  const receivedAt = new Date(Date.now() - 20 * 86_400_000).toISOString()
  const opened = await fixture.local.requests.open({ kind: 'access', track: 'third party', subject, receivedAt })
  expect((await fixture.local.status.get()).requests).toMatchObject({ overdue: 0 })
  const extended = await fixture.local.requests.extend({ id: opened.id, reason: 'a million records' })
  const letter = textOf(await fixture.letter(subject, 'Your request takes longer'))
  expect(letter).toContain(extended.dueAt.slice(0, 10))
  expect(letter).toContain('a million records')
  await expect(fixture.local.requests.extend({ id: opened.id, reason: 'again' })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
})

test('an objection keeps the account from writing to the person, in any form of the address, and nobody else', async () => {
  const { local } = fixture
  const given = { kind: 'objection', track: 'account', account: 'acme', subject: 'stop@harrier.example' } as const
  const { id } = await local.requests.open(given)
  await local.requests.confirmEvidence({ id, evidence: 'called back' })
  await local.requests.decide({ id })
  await local.requests.execute({ id })
  await fixture.detail(id, ({ state }) => state === 'executed')
  await expect(fixture.send('acme', 'STOP+news@harrier.example')).rejects.toThrow(/550 5\.7\.1 This person asked/)
  await fixture.send('acme', 'go@harrier.example')
  await fixture.send('bravo', 'stop@harrier.example')
})

test('who objected to the relay as a whole is not written to by accounts that come later either', async () => {
  const { local } = fixture
  const { id } = await local.requests.open({
    kind: 'objection',
    track: 'third party',
    subject: 'never@harrier.example',
  })
  await local.requests.confirmEvidence({ id, evidence: 'called back' })
  await local.requests.decide({ id })
  await local.requests.execute({ id })
  await fixture.detail(id, ({ state }) => state === 'executed')
  const name = 'later'
  await local.accounts.add({ name, contact: 'ops@later.example', domains: ['later.example'] })
  const credential = { account: name, kind: 'password', username: name, password: 'secret secret secret' } as const
  await local.accounts.addCredential(credential)
  for (const account of ['acme', name])
    await expect(fixture.send(account, 'Never+x@harrier.example'), account).rejects.toThrow(/550 5\.7\.1/)
  await fixture.relay.whileStopped(() => undefined)
  await expect(fixture.send(name, 'never@harrier.example')).rejects.toThrow(/550 5\.7\.1/)
})

test('a restriction holds what is kept until it is lifted, and then the person may be written to again', async () => {
  const { local } = fixture
  await fixture.send('bravo', 'slow@falcon.example')
  const { id } = await local.requests.open({
    kind: 'restriction',
    track: 'third party',
    subject: 'slow@falcon.example',
  })
  await local.requests.confirmEvidence({ id, evidence: 'passport seen' })
  await local.requests.decide({ id })
  await local.requests.execute({ id })
  await fixture.detail(id, ({ state }) => state === 'executed')
  const [hold] = await local.retention.holds()
  expect(hold).toMatchObject({ reason: `request ${id}: restriction`, releasedAt: null })
  await expect(fixture.send('bravo', 'slow@falcon.example')).rejects.toThrow(/550 5\.7\.1/)
  await local.requests.answer({ id })
  await local.retention.releaseHold({ id: hold!.id, reason: 'settled' })
  // looked at with the next thing that happens at the desk
  await local.requests.open({ kind: 'access', track: 'third party', subject: 'another@falcon.example' })
  await fixture.until(() =>
    fixture.send('bravo', 'slow@falcon.example').then(
      () => true,
      () => undefined,
    ),
  )
})

test('a person who was pointed to an account and writes again comes back to the desk, until somebody has reacted', async () => {
  const { local } = fixture
  const subject = 'again@harrier.example'
  const opened = await local.requests.open({ kind: 'access', track: 'third party', subject })
  await local.requests.forward({ id: opened.id, accounts: ['acme'] })
  const listed = async () => {
    const { requests } = await local.requests.list({ state: 'open', limit: 500 })
    return requests.find(({ id }) => id === opened.id)
  }
  expect(await listed()).toBeUndefined()
  await fixture.write(mail(subject, `Re: [request ${opened.id}]`, 'They do not answer.'), subject)
  await fixture.detail(opened.id, ({ events }) => events.some(({ kind }) => kind === 'mail'))
  expect(await listed()).toMatchObject({ state: 'answered', wroteAgain: true })
  await local.requests.note({ id: opened.id, text: 'called acme' })
  expect(await listed()).toBeUndefined()
  expect(await local.requests.get({ id: opened.id })).toMatchObject({ outcome: 'forwarded', wroteAgain: false })
})

test('an objection outlasts a restriction that came before it', async () => {
  const { local } = fixture
  const carriedOut = async (kind: 'restriction' | 'objection' | 'correction') => {
    const { id } = await local.requests.open({ kind, track: 'third party', subject: 'both@falcon.example' })
    await local.requests.confirmEvidence({ id, evidence: 'passport seen' })
    await local.requests.decide({ id })
    await local.requests.execute({ id })
    await fixture.detail(id, ({ state }) => state === 'executed')
    return id
  }
  const restriction = await carriedOut('restriction')
  await carriedOut('objection')
  const hold = (await local.retention.holds()).find(({ reason }) => reason === `request ${restriction}: restriction`)!
  await local.retention.releaseHold({ id: hold.id, reason: 'settled' })
  await carriedOut('correction')
  await fixture.detail(restriction, ({ events }) => events.some(({ text }) => /was lifted/.test(text)))
  await expect(fixture.send('bravo', 'both@falcon.example')).rejects.toThrow(/550 5\.7\.1/)
})

test('an account’s data is corrected by its own request', async () => {
  const { local } = fixture
  const given = { kind: 'correction', track: 'holder', account: 'bravo', subject: 'ops@bravo.example' } as const
  const { id } = await local.requests.open(given)
  await local.requests.confirmEvidence({ id, evidence: 'called back' })
  await expect(local.requests.decide({ id })).rejects.toMatchObject({ message: expect.stringContaining('contact: ') })
  await local.requests.change({
    id,
    correction: 'contact: desk@bravo.example\ndomains: bravo.example, Brávo.example',
    reason: 'as it says',
  })
  await local.requests.decide({ id })
  await local.requests.execute({ id })
  const { letters } = await fixture.detail(id, ({ state }) => state === 'executed')
  const told = {
    kind: 'change of contact',
    to: 'ops@bravo.example',
    text: expect.stringContaining('desk@bravo.example'),
  }
  expect(letters).toMatchObject([told])
  const account = await local.accounts.get({ name: 'bravo' })
  expect(account).toMatchObject({ contact: 'desk@bravo.example', domains: ['bravo.example', 'xn--brvo-6na.example'] })
})

test('the desk is silent when policy says so', async () => {
  const { local } = fixture
  const policy = { reviewPackages: true, packageDays: 7, acknowledge: false, keepDays: 90 }
  await local.requests.setPolicy({ ...policy, reason: 'a person answers' })
  expect(await local.requests.policy()).toEqual(policy)
  await fixture.write(mail('quiet@kestrel.example', 'data', 'Please delete my data.'), 'quiet@kestrel.example')
  expect((await local.requests.get({ id: (await of('quiet@kestrel.example')).id })).letters).toEqual([])
})

test('mail to the desk goes in a message of its own', async () => {
  const port = fixture.relay.relay.listeners.find(({ kind }) => kind === 'smtp')!.port
  const client = await SmtpClient.open(port)
  await client.expect('250', 'EHLO kestrel.example')
  await client.expect('250', 'MAIL FROM:<tom@kestrel.example>')
  await client.expect('250', 'RCPT TO:<Privacy@relay.test>')
  await client.expect('452', 'RCPT TO:<abuse@relay.test>')
  client.close()
})

describe('the contact of several accounts', () => {
  const contact = 'agency@osprey.example'
  beforeAll(async () => {
    for (const name of ['first', 'second'])
      await fixture.local.accounts.add({ name, contact, domains: [`${name}.example`] })
  })

  test('orders for the one that was asked, and not for the other', async () => {
    const { local } = fixture
    const subject = 'una@harrier.example'
    const { id: parent } = await local.requests.open({ kind: 'deletion', track: 'third party', subject })
    await local.requests.forward({ id: parent, accounts: ['second'] })
    await fixture.write(mail(contact, `Re: [request ${parent}]`, 'Yes, delete everything.'), contact)
    const order = await fixture.request((one) => one.id > parent && one.source === 'mail')
    expect(order).toMatchObject({ track: 'account', account: 'second', subject, parent })
  })

  test('asks for one of them, and the desk is told of the other', async () => {
    await fixture.write(mail(contact, 'ours', 'Which data do you hold?'), contact)
    const { id, track, account } = await of(contact)
    expect({ track, account }).toEqual({ track: 'holder', account: 'first' })
    const { events } = await fixture.local.requests.get({ id })
    expect(events.find(({ kind }) => kind === 'guess')?.text).toContain('the contact of second as well')
  })

  test('is an account holder still when the account is closed', async () => {
    const { local } = fixture
    const former = 'former@osprey.example'
    await local.accounts.add({ name: 'former', contact: former, domains: ['former.example'] })
    await local.accounts.setStatus({ name: 'former', status: 'closed', reason: 'gave notice' })
    await fixture.write(mail(former, 'ours', 'Which data do you hold?'), former)
    expect(await of(former)).toMatchObject({ track: 'holder', account: 'former' })
  })
})
