/** The certificate SMTP clients see: the files a person names, or one made on first start and kept in the store. */

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describeCertificate, makeSelfSignedCertificate } from '../../mta/submission/certificate.ts'
import type { Settings } from '../../store/store.ts'
import type { Certificate } from '../api/context.ts'
import { ConfigError } from './configError.ts'
import type { Configuration } from './configuration.ts'

const SETTING = 'self-made certificate'
/** A self-made certificate is replaced when it has less than this left, in milliseconds: 30 days. */
const RENEW_BEFORE = 30 * 86_400_000

interface Kept {
  hostname: string
  key: string
  cert: string
}

async function readPem(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (fault) {
    const { code } = fault as NodeJS.ErrnoException
    throw new ConfigError(`--${option} ${file} cannot be read (${code}): check the path and who may read it`)
  }
}

function belongTogether(tls: { key: string; cert: string }): boolean {
  try {
    return new X509Certificate(tls.cert).checkPrivateKey(createPrivateKey(tls.key))
  } catch {
    return false
  }
}

async function fromFiles(files: NonNullable<Configuration['tls']>): Promise<Certificate> {
  const tls = { cert: await readPem('tls-cert', files.cert), key: await readPem('tls-key', files.key) }
  if (!belongTogether(tls))
    throw new ConfigError(`${files.cert} and ${files.key} are no PEM certificate and its key: name the right files`)
  return { tls, selfMade: false }
}

/**
 * The certificate to show. Rejects with ConfigError when the files a person named cannot be used.
 * @param now milliseconds, Unix time
 */
export async function loadCertificate(
  { tls: files, hostname }: Pick<Configuration, 'tls' | 'hostname'>,
  settings: Settings,
  now: number,
): Promise<Certificate> {
  if (files) return fromFiles(files)
  const kept = await settings.get<Kept>(SETTING)
  if (kept && kept.hostname === hostname && describeCertificate(kept.cert).expiresAt - now > RENEW_BEFORE)
    return { tls: { key: kept.key, cert: kept.cert }, selfMade: true }
  const { key, cert } = await makeSelfSignedCertificate(hostname)
  await settings.set(SETTING, { hostname, key, cert } satisfies Kept)
  return { tls: { key, cert }, selfMade: true }
}
