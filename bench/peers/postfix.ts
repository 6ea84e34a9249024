/** A Postfix of its own: own configuration, queue and log, handing all mail to the sink. Needs root and Debian's package. */

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, waitForPort } from '../processes.ts'
import type { Peer } from './peer.ts'

function masterConfiguration(port: number): string {
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'showq unix n - n - - showq',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'postlog unix-dgram n - n - 1 postlogd',
  ]
  return `${services.join('\n')}\n`
}

function mainConfiguration(folder: string, sinkPort: number): string {
  return [
    'compatibility_level = 3.6',
    `queue_directory = ${folder}/queue`,
    `data_directory = ${folder}/data`,
    `maillog_file = ${folder}/maillog`,
    `maillog_file_prefixes = ${folder}`,
    'myhostname = relay.example',
    'mydestination =',
    'mynetworks = 127.0.0.0/8',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    `relayhost = [127.0.0.1]:${sinkPort}`,
    'alias_maps =',
    'alias_database =',
    'smtpd_relay_restrictions = permit_mynetworks, reject',
    'smtpd_client_connection_count_limit = 200',
    'default_process_limit = 200',
    'message_size_limit = 51200000',
    '',
  ].join('\n')
}

/** Starts it. @throws when postfix is not installed or nobody is root */
export async function startPostfix(folder: string, port: number, sinkPort: number): Promise<Peer> {
  const postfix = findProgram('postfix')
  if (!postfix) throw new Error('Postfix is not installed: apt-get install postfix')
  rmSync(folder, { recursive: true, force: true })
  const configuration = join(folder, 'etc')
  for (const part of ['etc', 'queue', 'data']) mkdirSync(join(folder, part), { recursive: true })
  chmodSync(folder, 0o755)
  execFileSync('chown', ['postfix', join(folder, 'data')])
  writeFileSync(join(configuration, 'main.cf'), mainConfiguration(folder, sinkPort))
  writeFileSync(join(configuration, 'master.cf'), masterConfiguration(port))
  execFileSync(postfix, ['-c', configuration, 'start'], { stdio: 'pipe' })
  await waitForPort(port)
  return {
    name: 'Postfix',
    pid: Number(readFileSync(join(folder, 'queue/pid/master.pid'), 'utf8').trim()),
    port,
    async stop() {
      execFileSync(postfix, ['-c', configuration, 'stop'], { stdio: 'pipe' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
