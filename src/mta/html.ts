/**
 * Reads HTML of strangers in one pass, with the tokenizer of htmlparser2: a state machine that never goes back. Its parser
 * would keep a stack of open elements, which costs the square of their number; nothing here needs one.
 */

import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

/** Characters of one attribute that are read. */
const MOST_VALUE = 2000
/** Elements whose content is nothing a reader sees. */
const UNSEEN = new Set(['script', 'style', 'title', 'template', 'noembed', 'noframes', 'iframe', 'xmp'])

export interface HtmlVisitor {
  /** text that is shown, references decoded */
  text(text: string): void
  /** a start tag, names in lower case; attributes that nobody wants are left out */
  open(name: string, attributes: ReadonlyMap<string, string>): void
  close(name: string): void
}

/** Collects what the tokenizer says about one tag after the other. */
class Events implements TokenizerCallbacks {
  private name = ''
  private attribute = ''
  private value: string[] = []
  private length = 0
  private attributes = new Map<string, string>()
  /** the element that hides what stands in it */
  private hidden: string | undefined
  private readonly html: string
  private readonly wanted: ReadonlySet<string>
  private readonly visitor: HtmlVisitor

  constructor(html: string, wanted: ReadonlySet<string>, visitor: HtmlVisitor) {
    this.html = html
    this.wanted = wanted
    this.visitor = visitor
  }

  private add(text: string): void {
    if (this.length >= MOST_VALUE) return
    this.value.push(text.slice(0, MOST_VALUE - this.length))
    this.length += text.length
  }

  ontext(start: number, end: number): void {
    if (this.hidden === undefined) this.visitor.text(this.html.slice(start, end))
  }

  ontextentity(codepoint: number): void {
    if (this.hidden === undefined) this.visitor.text(String.fromCodePoint(codepoint))
  }

  onopentagname(start: number, end: number): void {
    this.name = this.html.slice(start, end).toLowerCase()
    this.attributes = new Map()
  }

  onattribname(start: number, end: number): void {
    this.attribute = this.html.slice(start, Math.min(end, start + MOST_VALUE)).toLowerCase()
    this.value = []
    this.length = 0
  }

  onattribdata(start: number, end: number): void {
    this.add(this.html.slice(start, Math.min(end, start + MOST_VALUE)))
  }

  onattribentity(codepoint: number): void {
    this.add(String.fromCodePoint(codepoint))
  }

  onattribend(): void {
    // the first of two of one name counts, as in a browser
    if (this.wanted.has(this.attribute) && !this.attributes.has(this.attribute))
      this.attributes.set(this.attribute, this.value.join(''))
  }

  onopentagend(): void {
    if (this.hidden !== undefined) return
    if (UNSEEN.has(this.name)) this.hidden = this.name
    else this.visitor.open(this.name, this.attributes)
  }

  onselfclosingtag(): void {
    this.onopentagend()
  }

  onclosetag(start: number, end: number): void {
    const name = this.html.slice(start, end).toLowerCase()
    if (this.hidden === undefined) this.visitor.close(name)
    else if (this.hidden === name) this.hidden = undefined
  }

  oncomment(): void {}
  oncdata(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}
}

/**
 * Reads HTML and says what stands in it, in its order. Linear in its length, whatever is open, broken or never closed.
 * @param wanted attributes the visitor looks at, in lower case
 */
export function readHtml(html: string, wanted: readonly string[], visitor: HtmlVisitor): void {
  const tokenizer = new Tokenizer({ decodeEntities: true }, new Events(html, new Set(wanted), visitor))
  tokenizer.write(html)
  tokenizer.end()
}

/** Elements that stand on lines of their own. */
const BLOCKS = new Set(
  'address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
)
/** Marks of mail programs around what they quote: Gmail, Yahoo, Proton, Zoho. */
const QUOTE_CLASS =
  /\b(?:gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|zmail_extra|moz-cite-prefix)\b/i
/** Outlook marks where the quoted message begins, and quotes to the end. */
const QUOTE_FROM_HERE = /^(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)$/i
/** Quotes within quotes that are told apart. */
const DEEPEST_QUOTE = 50

/** Writes text line by line; lines of a quotation begin with `> `, as they do in plain mail. */
class Lines implements HtmlVisitor {
  private readonly lines: string[] = []
  private line: string[] = []
  private blank = true
  /** open block quotations */
  private quotes = 0
  /** open `div`s, since the one that quotes */
  private quotedDivs = 0
  private isQuotedToEnd = false

  text(text: string): void {
    const plain = text.replace(/[ \t\r\n\f\u00a0]+/g, ' ')
    if (plain === ' ' && this.blank) return
    this.line.push(plain)
    this.blank = plain.endsWith(' ')
  }

  open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (BLOCKS.has(name)) this.endLine(name === 'br')
    if (name === 'blockquote') this.quotes = Math.min(this.quotes + 1, DEEPEST_QUOTE)
    if (name !== 'div') return
    if (this.quotedDivs > 0 || QUOTE_CLASS.test(attributes.get('class') ?? '')) this.quotedDivs++
    if (QUOTE_FROM_HERE.test(attributes.get('id') ?? '')) this.isQuotedToEnd = true
  }

  close(name: string): void {
    if (BLOCKS.has(name)) this.endLine(name === 'p')
    if (name === 'blockquote') this.quotes = Math.max(0, this.quotes - 1)
    if (name === 'div') this.quotedDivs = Math.max(0, this.quotedDivs - 1)
  }

  private endLine(isWanted: boolean): void {
    const text = this.line.join('').trim()
    this.line = []
    this.blank = true
    if (text === '' && !isWanted) return
    const isQuoted = this.quotes > 0 || this.quotedDivs > 0 || this.isQuotedToEnd
    this.lines.push(isQuoted ? `> ${text}` : text)
  }

  finish(): string {
    this.endLine(false)
    return this.lines.join('\n')
  }
}

/** The words of a page as plain text: what its tags hide is left out, what it quotes is marked as mail marks it. */
export function htmlText(html: string): string {
  const lines = new Lines()
  readHtml(html, ['class', 'id'], lines)
  return lines.finish()
}

export interface HtmlLink {
  href: string
  /** what is shown for it, up to so many characters as were asked for */
  text: string
}

/** Links of a page with what is shown for them, the first `most`. */
export function htmlLinks(html: string, most: number, textLength: number): HtmlLink[] {
  const links: HtmlLink[] = []
  let open: { href: string; text: string[]; length: number } | undefined
  function end(): void {
    if (open && links.length < most) links.push({ href: open.href, text: open.text.join('').trim() })
    open = undefined
  }
  readHtml(html, ['href'], {
    text(text) {
      if (!open || open.length >= textLength) return
      open.text.push(text.slice(0, textLength - open.length))
      open.length += text.length
    },
    open(name, attributes) {
      if (name !== 'a') return
      end()
      const href = attributes.get('href')
      if (href !== undefined) open = { href, text: [], length: 0 }
    },
    close(name) {
      if (name === 'a') end()
    },
  })
  end()
  return links
}
