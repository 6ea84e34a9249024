import { describe, expect, test } from 'vitest'
import { allowedHosts, isOwnHost, originOf } from '../../src/relay/http/guard.ts'

const hosts = allowedHosts('192.0.2.9', ['Mail.Acme.example'])

describe('the host allow-list', () => {
  test('takes loopback names, the own address, configured names and the address that was connected to', () => {
    for (const host of [
      'localhost',
      '127.0.0.1:2580',
      '[::1]:2580',
      '192.0.2.9',
      'MAIL.acme.example:443',
      '192.0.2.10:80',
    ])
      expect(isOwnHost({ host }, hosts, '::ffff:192.0.2.10'), host).toBe(true)
  })

  test('refuses every other name, and what is no host', () => {
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.',
      'user@localhost',
      '',
      'localhost:x',
      '192.0.2.11',
    ])
      expect(isOwnHost({ host }, hosts, '192.0.2.10'), host).toBe(false)
    expect(isOwnHost({}, hosts, '127.0.0.1')).toBe(false)
  })
})

describe('whose page a request is from', () => {
  const host = 'localhost:2580'

  test('the own one, in a browser or in the desktop', () => {
    expect(originOf({ host, origin: 'http://localhost:2580' })).toBe('own')
    expect(originOf({ host, origin: 'https://localhost:2580' })).toBe('own')
    expect(originOf({ host, origin: 'mailward://console' })).toBe('own')
    expect(originOf({ host, 'sec-fetch-site': 'same-origin' })).toBe('own')
  })

  test('another site, another port, a sandbox', () => {
    for (const origin of ['http://evil.example', 'http://localhost:3000', 'null', 'mailward://elsewhere', 'file://'])
      expect(originOf({ host, origin }), origin).toBe('foreign')
    expect(originOf({ host, 'sec-fetch-site': 'cross-site' })).toBe('foreign')
    expect(originOf({ host, 'sec-fetch-site': 'none' })).toBe('foreign')
  })

  test('no browser', () => expect(originOf({ host })).toBe('none'))
})
