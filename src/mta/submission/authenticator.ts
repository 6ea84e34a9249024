/** Decides whether a user name and password belong together, without letting anybody try at will. */

import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { hashPassword, verifyPassword } from '../../base/passwordHash.ts'
import type { Credential } from '../../model/account.ts'
import type { Directory } from '../../store/store.ts'
import { addressKey, type PasswordThrottle } from './throttle.ts'

export interface Login {
  user: string
  password: string
  /** client address */
  address: string
}

export type LoginResult =
  | { kind: 'right'; credential: Credential }
  | { kind: 'wrong' }
  /** not looked at: too many wrong ones before, or too many at once */
  | { kind: 'wait'; seconds: number }

/** scrypt takes some 60 ms and 32 MB each: one core stays free for mail. */
const AT_ONCE = 2
const WAITING = 50
const BUSY_SECONDS = 10
/** Guesses of one client that are kept waiting at once. */
const SLOWED_OF_ONE = 10

export class Authenticator {
  private readonly directory: Directory
  private readonly throttle: PasswordThrottle
  /** fresh with every start, so that what is remembered is worth nothing outside this process */
  private readonly key = randomBytes(32)
  /** credential → keyed hash of its right password: the next connection need not pay for scrypt again */
  private readonly remembered = new Map<number, string>()
  /** looks under way, by keyed hash: the connections a client opens at once pay together */
  private readonly underWay = new Map<string, Promise<boolean>>()
  /** guesses kept waiting, by client */
  private readonly slowed = new Map<string, number>()
  private running = 0
  private readonly waiting: (() => void)[] = []
  /** takes as long to compare with as a real one, so that time does not tell which user names exist */
  private readonly decoy: Promise<string> = hashPassword(randomBytes(16).toString('hex'))

  constructor(directory: Directory, throttle: PasswordThrottle) {
    this.directory = directory
    this.throttle = throttle
  }

  /** Looks at a user name and password. The answer for a name that does not exist is that for a wrong password. */
  async login(login: Login): Promise<LoginResult> {
    const { user, password } = login
    const waitMs = this.throttle.waitMs(login)
    if (waitMs > 0) return { kind: 'wait', seconds: Math.ceil(waitMs / 1000) }
    if (!(await this.slow(login))) return { kind: 'wait', seconds: BUSY_SECONDS }
    const credential = this.directory.credentialByUsername(user)
    const digest = this.digest(credential, user, password)
    if (credential && this.remembered.get(credential.id) === digest) {
      this.throttle.greet(login)
      return { kind: 'right', credential }
    }
    const isRight = await (this.underWay.get(digest) ?? this.poll(login, credential, digest))
    if (isRight === undefined) return { kind: 'wait', seconds: BUSY_SECONDS }
    if (!isRight || !credential) return { kind: 'wrong' }
    this.remembered.set(credential.id, digest)
    return { kind: 'right', credential }
  }

  /** Keeps a guess waiting for what others guessed; false when too many wait already. */
  private async slow(login: Login): Promise<boolean> {
    const slowMs = this.throttle.slowMs(login)
    if (slowMs <= 0) return true
    const network = addressKey(login.address)
    const waiting = this.slowed.get(network) ?? 0
    if (waiting >= SLOWED_OF_ONE) return false
    this.slowed.set(network, waiting + 1)
    await setTimeout(slowMs, undefined, { ref: false })
    const left = this.slowed.get(network)! - 1
    if (left > 0) this.slowed.set(network, left)
    else this.slowed.delete(network)
    return true
  }

  private digest(credential: Credential | undefined, user: string, password: string): string {
    const identity = credential ? `${credential.id}\0${credential.secret}` : `\0${user.toLowerCase()}`
    return createHmac('sha256', this.key).update(`${identity}\0${password}`).digest('base64')
  }

  private poll(login: Login, credential: Credential | undefined, digest: string): Promise<boolean> | undefined {
    if (this.waiting.length >= WAITING) return undefined
    this.throttle.guessed(login)
    const poll = this.inTurn(async () => verifyPassword(login.password, credential?.secret ?? (await this.decoy)))
      .then((fits) => {
        const isRight = fits && credential?.secret !== undefined
        if (isRight) this.throttle.wasRight(login)
        return isRight
      })
      .finally(() => this.underWay.delete(digest))
    this.underWay.set(digest, poll)
    return poll
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.running++
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.running--
    }
  }
}
