/** The life of a relay process: signals, crashes, certificates, keys, places. */

import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeSelfSignedCertificate } from '../../src/mta/submission/certificate.ts'
import { CommandLine, serve } from './support.ts'

let commandLine: CommandLine
beforeEach(() => {
  commandLine = new CommandLine()
})
afterEach(() => commandLine.remove())

/** The certificate a client of implicit TLS is shown. */
function shown(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN as string)
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

async function writeCertificate(hostname: string): Promise<string[]> {
  const { key, cert } = await makeSelfSignedCertificate(hostname)
  const files = [join(commandLine.root, 'cert.pem'), join(commandLine.root, 'key.pem')]
  writeFileSync(files[0]!, cert)
  writeFileSync(files[1]!, key, { mode: 0o600 })
  return ['--tls-cert', files[0]!, '--tls-key', files[1]!]
}

test.skipIf(process.platform === 'win32')(
  'a renewed certificate is shown after SIGHUP, a spoilt one is not',
  async () => {
    const served = await serve(commandLine, ...(await writeCertificate('old.relay.example')))
    expect(await shown(served.port('smtps'))).toBe('old.relay.example')
    await writeCertificate('new.relay.example')
    const told = new Promise<string>((resolve) => served.process.stdout!.on('data', (chunk) => resolve(String(chunk))))
    served.process.kill('SIGHUP')
    expect(await told).toBe('certificate read again\n')
    expect(await shown(served.port('smtps'))).toBe('new.relay.example')

    writeFileSync(join(commandLine.root, 'cert.pem'), 'spoilt')
    const complaint = new Promise<string>((resolve) =>
      served.process.stderr!.on('data', (chunk) => resolve(String(chunk))),
    )
    served.process.kill('SIGHUP')
    expect(await complaint).toMatch(/^mailward: the old certificate stays: .*name the right files\n$/)
    expect(await shown(served.port('smtps'))).toBe('new.relay.example')
  },
)

test('a self-made certificate is kept over restarts', async () => {
  const first = await serve(commandLine, '--hostname', 'relay.example')
  const { certificate } = await commandLine.json<{ certificate: { selfMade: boolean } }>(['status'])
  expect(certificate).toMatchObject({ selfMade: true, subject: 'relay.example' })
  await first.end('SIGTERM')
  await serve(commandLine, '--hostname', 'relay.example')
  expect(await commandLine.json(['status'])).toMatchObject({ certificate })
})

test('certificate files that do not fit are refused', async () => {
  const files = await writeCertificate('relay.example')
  writeFileSync(join(commandLine.root, 'key.pem'), (await makeSelfSignedCertificate('other.example')).key)
  const { status, err } = await commandLine.run([
    'serve',
    '--smtp=127.0.0.1:0',
    '--smtps=none',
    '--console=none',
    ...files,
  ])
  expect([status, err]).toEqual([1, expect.stringMatching(/^mailward: .*are no PEM certificate and its key/)])
})

test('what a killed relay leaves behind does not stop the next one', async () => {
  const served = await serve(commandLine)
  const ended = new Promise((resolve) => served.process.on('exit', resolve))
  served.process.kill('SIGKILL')
  await ended
  const alone = await commandLine.run(['status'])
  expect([alone.status, alone.err]).toEqual([1, expect.stringMatching(/^mailward: no relay is running on /)])
  await serve(commandLine)
  expect((await commandLine.run(['status'])).status).toBe(0)
})

test('without its key a data folder is not opened, and no key is made', async () => {
  const served = await serve(commandLine)
  await served.end('SIGTERM')
  rmSync(join(commandLine.root, 'config'), { recursive: true })
  const { status, err } = await commandLine.run(['serve', '--smtp=127.0.0.1:0', '--smtps=none', '--console=none'])
  expect([status, err]).toEqual([1, expect.stringMatching(/^mailward: the key of .* is missing: put .* back/)])
  expect(readdirSync(commandLine.root)).not.toContain('config')
})

test('a data folder with a long path is found all the same, and its socket is for the owner only', async () => {
  const folder = join(commandLine.root, 'a'.repeat(100))
  mkdirSync(folder)
  await serve(commandLine, '--data', folder)
  expect((await commandLine.run(['status', '--data', folder])).status).toBe(0)
  expect(statSync(join(folder, 'control.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).not.toContain('control.sock')
})

test.skipIf(process.platform === 'win32')('the control socket in the data folder is for the owner only', async () => {
  await serve(commandLine)
  const socket = join(commandLine.root, 'data', 'mailward', 'control.sock')
  expect(statSync(socket).mode & 0o777).toBe(0o600)
})
