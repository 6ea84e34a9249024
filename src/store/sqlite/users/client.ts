/** The store's words about people, over its worker threads. */

import type { User } from '../../../model/user.ts'
import type { UserStore } from '../../users.ts'
import { write } from '../audit/client.ts'
import type { Channel } from '../thread/channel.ts'

export function createUsers(writer: Channel, reader: Channel, now: () => number): UserStore {
  return {
    list: () => reader.call('users', undefined),
    byEmail: (email) => reader.call('userByEmail', email),
    add: (person, entry) => write<User | undefined>(writer, 'addUser', { ...person, createdAt: now() }, entry),
    remove: (id, entry) => write(writer, 'removeUser', [id, now()], entry),
    setRole: (id, role, entry, account) => write(writer, 'setUserRole', [{ id, role, account }, now()], entry),
    setPassword: (change, entry) => write(writer, 'setPassword', change, entry),

    addSession: (session) => writer.call('addSession', session),
    bySession: (hash, at) => reader.call('userBySession', [hash, at]),
    sawSession: (id, at) => writer.call('sawSession', [id, at]),
    endSession: (hash, entry) => write(writer, 'endSession', hash, entry),
    sessions: (person, at) => reader.call('sessions', [person, at]),
    revokeSession: (person, id, entry) => write(writer, 'revokeSession', [person, id], entry),

    invite: (invitation, entry) => write(writer, 'invite', invitation, entry),
    invitations: () => reader.call('invitations', undefined),
    invitation: (hash, at) => reader.call('invitation', [hash, at]),
    revokeInvitation: (id, entry) => write(writer, 'revokeInvitation', id, entry),
    accept: (accepted, entry) => write<User | undefined>(writer, 'acceptInvitation', accepted, entry),

    secondFactor: (person) => reader.call('secondFactor', person),
    beginSecondFactor: (person, secret) => writer.call('beginSecondFactor', [person, secret]),
    confirmSecondFactor: (confirmed, entry) => write(writer, 'confirmSecondFactor', confirmed, entry),
    takeStep: (person, step) => writer.call('takeStep', [person, step]),
    takeRecoveryCode: (person, hash) => writer.call('takeRecoveryCode', [person, hash]),
    endSecondFactor: (person, entry) => write(writer, 'endSecondFactor', person, entry),

    resetSecondFactor: (person, by, entry) => write(writer, 'resetSecondFactor', { person, by, at: entry.at }, entry),
    takeReset: (person) => writer.call('takeReset', person),

    addToken: (token, entry) => write(writer, 'addToken', token, entry),
    tokens: (person) => reader.call('tokens', person),
    byToken: (hash, at) => reader.call('userByToken', [hash, at]),
    usedToken: (id, at) => writer.call('usedToken', [id, at]),
    revokeToken: (person, id, entry) => write(writer, 'revokeToken', [person, id], entry),
  }
}
