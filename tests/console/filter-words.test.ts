import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  absorb,
  accept,
  joinWritten,
  splitWritten,
  suggest,
  writeToken,
} from '../../src/console/components/filter-words.ts'
import { messageVocabulary } from '../../src/console/features/messages/filter-words.ts'
import { tokenize } from '../../src/model/filter.ts'

const words = (...accounts: string[]) => messageVocabulary(accounts)

describe('a written filter', () => {
  test('is taken apart into chips and words, and put together again', () => {
    const written = 'from:@acme.example size>20k subject:"two words" invoice "as is"'
    const { chips, words } = splitWritten(written)
    expect(chips).toEqual([
      { key: 'from', value: '@acme.example' },
      { key: 'size>', value: '20k' },
      { key: 'subject', value: 'two words' },
    ])
    expect(words).toBe('invoice "as is"')
    expect(joinWritten(chips, words)).toBe(written)
  })

  test('tokens survive being written and read', () => {
    const key = fc.constantFrom('from', 'to', 'subject', 'status', 'size>', 'text')
    const value = fc.stringMatching(/^[a-z0-9@. ]+$/).filter((text) => text.trim() !== '')
    fc.assert(
      fc.property(fc.record({ key, value }), (token) => {
        expect(tokenize(writeToken(token))).toEqual([token])
      }),
    )
  })
})

describe('while typing', () => {
  test('a token is taken when a space follows it, not before', () => {
    expect(absorb('from:acme')).toEqual({ chips: [], rest: 'from:acme' })
    expect(absorb('from:acme ')).toEqual({ chips: [{ key: 'from', value: 'acme' }], rest: '' })
    expect(absorb('invoice status:held more').chips).toEqual([{ key: 'status', value: 'held' }])
    expect(absorb('invoice status:held more').rest.split(/\s+/)).toEqual(['invoice', 'more'])
  })

  test('a space inside quotes does not end a token', () => {
    expect(absorb('subject:"two wo').chips).toEqual([])
    expect(absorb('subject:"two words" ').chips).toEqual([{ key: 'subject', value: 'two words' }])
  })

  test('keys and known values are suggested for the last fragment', () => {
    expect(suggest('invoice st', words()).map(({ insert }) => insert)).toEqual(['status:'])
    expect(suggest('status:de', words()).map(({ insert }) => insert)).toEqual(['status:deferred', 'status:delivered'])
    expect(suggest('account:no', words('acme', 'northbay')).map(({ insert }) => insert)).toEqual(['account:northbay'])
    expect(suggest('from:ac', words('acme'))).toEqual([])
    expect(suggest('', words())).toEqual([])
  })

  test('a suggestion replaces the fragment; a value is finished with it', () => {
    const [key] = suggest('invoice st', words())
    expect(accept('invoice st', key!)).toBe('invoice status:')
    const [value] = suggest('invoice status:del', words())
    expect(accept('invoice status:del', value!)).toBe('invoice status:delivered ')
  })
})
