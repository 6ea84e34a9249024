/**
 * The addresses of a header field such as From (RFC 5322 §3.4, §4.4, RFC 6532): every address that some reader could
 * see in it, so that none escapes a check. What cannot be read for sure is refused, not guessed.
 */

import { isAddressLiteral, isDomain, type Mailbox } from './address.ts'

/** Bounds nested comments, which recurse in other readers. */
const DEEPEST_COMMENT = 20

/** atext, beyond ASCII too; with the brackets that careless writers leave unquoted in names */
const WORD = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}[\]\\-]+/uy
const ATOM_ONLY = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u{80}-\u{10ffff}-]+$/u

type Token =
  | { kind: 'word'; text: string }
  | { kind: 'quoted'; text: string }
  | { kind: 'literal'; text: string }
  | { kind: 'special'; text: string }

/** Where the comment that opens at `at` closes, or -1. */
function commentEnd(text: string, at: number): number {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const character = text[i]
    if (character === '\\') i++
    else if (character === '(' && ++depth > DEEPEST_COMMENT) return -1
    else if (character === ')' && --depth === 0) return i + 1
  }
  return -1
}

/** Where the text delimited by `close` that opens at `at` ends, or -1. */
function delimitedEnd(text: string, at: number, close: string): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === close) return i + 1
  }
  return -1
}

/** Splits the field into tokens without blanks and comments; undefined when something is never closed or has no place. */
function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = []
  let position = 0
  while (position < text.length) {
    const character = text[position]!
    if (' \t\r\n'.includes(character)) {
      position++
      continue
    }
    if (character === '(') {
      position = commentEnd(text, position)
      if (position < 0) return undefined
      continue
    }
    const previous = tokens.at(-1)
    if (character === '"' || (character === '[' && previous?.kind === 'special' && previous.text === '@')) {
      const end = delimitedEnd(text, position, character === '"' ? '"' : ']')
      if (end < 0) return undefined
      tokens.push({ kind: character === '"' ? 'quoted' : 'literal', text: text.slice(position, end) })
      position = end
      continue
    }
    if ('<>@,;:.'.includes(character)) {
      tokens.push({ kind: 'special', text: character })
      position++
      continue
    }
    WORD.lastIndex = position
    const word = WORD.exec(text)
    if (!word) return undefined
    tokens.push({ kind: 'word', text: word[0] })
    position = WORD.lastIndex
  }
  return tokens
}

class Reader {
  readonly found: Mailbox[] = []
  private readonly tokens: Token[]
  private position = 0

  constructor(tokens: Token[]) {
    this.tokens = tokens
  }

  private isSpecial(text: string): boolean {
    const token = this.tokens[this.position]
    return token?.kind === 'special' && token.text === text
  }

  private takeSpecial(text: string): boolean {
    const isNext = this.isSpecial(text)
    if (isNext) this.position++
    return isNext
  }

  private get isAtEnd(): boolean {
    return this.position >= this.tokens.length
  }

  /** Words and dots up to the next delimiter: a phrase, or a local part. */
  private words(): Token[] {
    const from = this.position
    while (!this.isAtEnd) {
      const token = this.tokens[this.position]!
      if (token.kind === 'special' && token.text !== '.') break
      this.position++
    }
    return this.tokens.slice(from, this.position)
  }

  /** `word *("." word)`, blanks and comments around the dots allowed as of old (RFC 5322 §4.4). */
  private localPart(words: Token[]): string | undefined {
    if (words.length % 2 === 0) return undefined
    const isWell = words.every((token, i) =>
      i % 2 === 1 ? token.text === '.' : token.kind === 'quoted' || ATOM_ONLY.test(token.text),
    )
    return isWell ? words.map((token) => token.text).join('') : undefined
  }

  private domain(): string | undefined {
    const words = this.words()
    if (words.length === 1 && words[0]!.kind === 'literal')
      return isAddressLiteral(words[0]!.text) ? words[0]!.text : undefined
    const domain = words.map((token) => token.text).join('')
    const isWell = words.every((token, i) => (i % 2 === 1) === (token.text === '.') && token.kind !== 'quoted')
    return isWell && isDomain(domain) ? domain : undefined
  }

  /** What follows a local part: `@domain`. */
  private addressAfter(words: Token[]): boolean {
    const local = this.localPart(words)
    if (local === undefined || !this.takeSpecial('@')) return false
    const domain = this.domain()
    if (domain === undefined) return false
    this.found.push({ local, domain })
    return true
  }

  private angleAddress(): boolean {
    return this.takeSpecial('<') && this.addressAfter(this.words()) && this.takeSpecial('>')
  }

  /** One mailbox, or a group outside of groups. */
  private address(isInGroup: boolean): boolean {
    const words = this.words()
    if (this.isSpecial('<')) return this.angleAddress()
    if (this.isSpecial(':') && !isInGroup && words.length > 0) return this.group()
    if (!this.addressAfter(words)) return false
    // `a@b.example <c@d.example>`: not in the grammar, but written; readers show either, so both count
    return this.isSpecial('<') ? this.angleAddress() : true
  }

  private group(): boolean {
    this.position++
    return this.list(true) && this.takeSpecial(';')
  }

  list(isInGroup: boolean): boolean {
    for (;;) {
      while (this.takeSpecial(','));
      if (this.isAtEnd || (isInGroup && this.isSpecial(';'))) return true
      if (!this.address(isInGroup)) return false
      if (this.isAtEnd || (isInGroup && this.isSpecial(';'))) return true
      if (!this.isSpecial(',')) return false
    }
  }
}

/**
 * Reads the value of an address field.
 * @returns every address in it, in order; undefined when it cannot be read
 */
export function parseAddressList(text: string): Mailbox[] | undefined {
  const tokens = tokenize(text)
  if (!tokens) return undefined
  const reader = new Reader(tokens)
  return reader.list(false) ? reader.found : undefined
}
