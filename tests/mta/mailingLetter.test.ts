/** What a mailing's letter says of the way out of it (RFC 2369, RFC 2919, RFC 8058), whatever people typed. */

import { expect, test } from 'vitest'
import { buildLetter } from '../../src/mta/mime/letter.ts'
import { mailingLetter } from '../../src/privacy/letters/mailingLetter.ts'
import { policyChangeLetter } from '../../src/privacy/letters/policyLetter.ts'

const mailing = {
  hostname: 'relay.test',
  purpose: 'Product news',
  subject: 'What is new',
  text: 'Much.',
  token: '1-0123456789abcdef0123456789abcdef',
  publicUrl: '',
}

function written(letter: Parameters<typeof buildLetter>[0]['letter']): { header: string; body: string } {
  const id = '00000000001'
  const { data } = buildLetter({ hostname: 'relay.test', id, now: 0, to: 'ann@acme.example', letter })
  const [header, ...body] = Buffer.from(data).toString().split('\r\n\r\n')
  return { header: header!, body: body.join('\r\n\r\n') }
}

test('one click is offered over https only; without a page there is mail', () => {
  const fields = (publicUrl: string) => written(mailingLetter({ ...mailing, publicUrl })).header
  const address = `<mailto:unsubscribe+${mailing.token}@relay.test>`
  expect(fields('')).toContain(`List-Unsubscribe: ${address}\r\n`)
  expect(fields('http://10.0.0.7:8080/')).toContain(
    `List-Unsubscribe: <http://10.0.0.7:8080/unsubscribe/${mailing.token}>,\r\n ${address}\r\n`,
  )
  expect(fields('http://10.0.0.7:8080/')).not.toContain('List-Unsubscribe-Post')
  expect(fields('https://relay.test/mail')).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  expect(fields('https://relay.test/mail')).toContain(`<https://relay.test/mail/unsubscribe/${mailing.token}>`)
})

test('nothing that people type gets into the header by itself', () => {
  const hostile = {
    ...mailing,
    purpose: 'News\r\nBcc: eve@evil.example',
    subject: 'Hi\r\nX-Evil: 1',
    text: 'a\r\n.\r\nb',
  }
  const { header, body } = written(mailingLetter(hostile))
  expect(header).not.toMatch(/^(Bcc|X-Evil):/m)
  expect(header).toContain('List-Id: <news-bcc-eve-evil-example.relay.test>')
  expect(body).not.toMatch(/[^\r]\n|\r[^\n]/)
  expect(written(mailingLetter({ ...mailing, purpose: 'Новости' })).header).toContain('List-Id: <mailing.relay.test>')
})

test('a change keeps the lines of a text as they were written, and says what longer days mean', () => {
  const before = { text: 'One.\nTwo.', owner: 'Acme Ltd', keepDays: 30 }
  const after = { ...before, text: 'One.\nThree.', keepDays: 60, version: 2 }
  const given = { hostname: 'relay.test', before, after, effectiveAt: 86_400_000, reason: 'why not', admin: undefined }
  const { body } = written(policyChangeLetter(given))
  expect(body).toContain('\r\n- Two.\r\n+ Three.\r\n')
  expect(body).toContain('\r\n\r\nOne.\r\nThree.\r\n')
  expect(body.replaceAll('\r\n', ' ')).toContain('what is kept already goes on the day it was to go')
})
