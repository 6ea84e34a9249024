import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDomain, checkEmail, checkHost, checkRange } from '../../src/relay/api/check.ts'

function value(checked: { ok: boolean; value?: string }): string | undefined {
  return checked.ok ? checked.value : undefined
}

describe('domains', () => {
  test('are taken in lower-case A-label form', () => {
    expect(value(checkDomain('Acme.Example.'))).toBe('acme.example')
    expect(value(checkDomain(' bücher.example'))).toBe('xn--bcher-kva.example')
    expect(value(checkDomain('intranet'))).toBe('intranet')
  })

  test('that are none are refused', () => {
    for (const text of [
      '',
      '.',
      'a..b',
      '-a.example',
      'a b.example',
      '*',
      'ann@acme.example',
      '192.0.2.1',
      `${'a'.repeat(64)}.example`,
    ])
      expect(checkDomain(text), text).toMatchObject({ ok: false })
  })

  test('a checked domain is a fixed point', () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        const once = value(checkDomain(domain))
        expect(once).toBeDefined()
        expect(value(checkDomain(once!))).toBe(once)
      }),
    )
  })
})

describe('address ranges', () => {
  test('are taken in CIDR form, single addresses with their full prefix', () => {
    expect(value(checkRange('192.0.2.0/24'))).toBe('192.0.2.0/24')
    expect(value(checkRange('192.0.2.7'))).toBe('192.0.2.7/32')
    expect(value(checkRange('2001:DB8:0::/48'))).toBe('2001:db8::/48')
    expect(value(checkRange('::1'))).toBe('::1/128')
  })

  test('that are none, too wide or not aligned are refused', () => {
    for (const text of [
      '',
      'acme',
      '::ffff:0:0/96',
      '::/64',
      '192.0.2.0/33',
      '192.0.2.7/24',
      '0.0.0.0/0',
      '::/0',
      '2001:db8::1/64',
      'fe80::1%eth0',
      '1.2.3/8',
    ])
      expect(checkRange(text), text).toMatchObject({ ok: false })
  })

  test('every whole address is a range of one, written the same way however it came', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const once = value(checkRange(address))
        expect(once).toMatch(isIP(address) === 4 ? /\/32$/ : /\/128$/)
        expect(value(checkRange(once!))).toBe(once)
      }),
    )
  })
})

test('hosts are names or addresses', () => {
  expect(value(checkHost('[::1]'))).toBe('::1')
  expect(value(checkHost('Mail.Acme.example'))).toBe('mail.acme.example')
  expect(value(checkHost('127.0.0.1'))).toBe('127.0.0.1')
  expect(checkHost('mail server')).toMatchObject({ ok: false })
})

test('e-mail addresses have a local part and a domain', () => {
  expect(value(checkEmail('Ann.O@acme.example'))).toBe('Ann.O@acme.example')
  for (const text of ['ann', 'ann@', '@acme.example', 'a b@acme.example', 'ann@acme..example'])
    expect(checkEmail(text), text).toMatchObject({ ok: false })
})
