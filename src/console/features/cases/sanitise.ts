/**
 * Makes the HTML part of a stranger's message harmless before it is shown. Three walls, each enough alone: this one
 * takes out what could load, run, submit or lead anywhere; the frame's own policy forbids all of it (see html-view.tsx);
 * and the console's policy, with the desktop's refusal of requests, forbids it once more.
 */

import createPurifier from 'dompurify'
import { text } from '../../text.ts'

const words = text.review.viewer

/** More than this is not shown: laying it out would stop the console. */
const MOST_ELEMENTS = 30_000
/** As much of a link or image address as is shown. */
const SHOWN_CHARACTERS = 300

/** What text, tables and headings need; everything else goes, with its content where that is no text. */
const tags = (
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl ' +
  'dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp ' +
  'section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'
).split(' ')

const attributes = (
  'align alt bgcolor border cellpadding cellspacing color colspan dir face height href lang rowspan size span src ' +
  'start style title valign width'
).split(' ')

/** Properties that cannot load, cover or move anything outside their own place. */
const properties =
  /^(?:color|background-color|font(?:-family|-size|-style|-weight)?|text-(?:align|decoration|indent|transform)|line-height|letter-spacing|white-space|vertical-align|direction|(?:margin|padding)(?:-(?:top|right|bottom|left))?|border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|border-(?:collapse|spacing|radius)|(?:max-|min-)?(?:width|height)|display|float|clear|list-style-type)$/

/** The functions a value may call: none of them loads anything. */
const functions = /^(?:rgb|rgba|hsl|hsla|calc)$/i

/** Whether the value of a CSS property can do nothing but look. */
function isPlainValue(value: string): boolean {
  if (/[\\@<>]|\/\*/.test(value)) return false
  return [...value.matchAll(/([\w-]*)\s*\(/g)].every(([, name]) => functions.test(name ?? ''))
}

/** A style attribute with nothing left in it that could load or cover. */
function plainStyle(style: CSSStyleDeclaration): string {
  return Array.from(style)
    .filter((name) => properties.test(name) && isPlainValue(style.getPropertyValue(name)))
    .map((name) => `${name}: ${style.getPropertyValue(name)}`)
    .join('; ')
}

function shown(address: string): string {
  const plain = address.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim()
  return plain.length > SHOWN_CHARACTERS ? `${plain.slice(0, SHOWN_CHARACTERS)}…` : plain
}

/** Pictures that came with the message as data of a kind that cannot run. */
function isInlinePicture(source: string): boolean {
  return /^data:image\/(?:png|gif|jpeg|webp);base64,[a-z0-9+/=\s]*$/i.test(source)
}

function note(document: Document, said: string): HTMLElement {
  const element = document.createElement('code')
  element.textContent = said
  return element
}

/** Puts a link's text in its place, and where it would have led. */
function disarmLink(link: Element, document: Document): void {
  const target = shown(link.getAttribute('href') ?? '')
  const plain = document.createElement('u')
  plain.append(...link.childNodes)
  link.replaceWith(plain, note(document, target === '' ? words.linkGone : words.linkTarget(target)))
}

function disarmPicture(picture: Element, document: Document): void {
  const source = picture.getAttribute('src') ?? ''
  if (isInlinePicture(source)) return
  const named = [picture.getAttribute('alt') ?? '', source.startsWith('data:') ? '' : source].filter(Boolean).join(' ')
  picture.replaceWith(note(document, named === '' ? words.removedImageBare : words.removedImage(shown(named))))
}

/** A purifier of its own, so that its hooks are nobody else's. */
function purifier() {
  const own = createPurifier(window)
  own.addHook('uponSanitizeAttribute', (node, event) => {
    const { attrName, attrValue } = event
    if (attrName === 'style') {
      event.attrValue = plainStyle((node as HTMLElement).style)
      event.keepAttr = event.attrValue !== ''
    }
    if (attrName === 'src') event.keepAttr = node.nodeName === 'IMG' && attrValue !== ''
    // it is only read, to be shown as text, and never leaves this file as an attribute
    if (attrName === 'href') event.keepAttr = node.nodeName === 'A'
    if (attrName === 'src' || attrName === 'href') event.forceKeepAttr = event.keepAttr
  })
  return own
}

export type Sanitised = { kind: 'html'; html: string } | { kind: 'too large' }

/** What may be shown of an HTML part; nothing of it has been loaded or run. */
export function sanitise(html: string): Sanitised {
  // taking apart costs time as well: each element opens with one of these, and most close with another
  if (html.split('<', MOST_ELEMENTS * 2 + 1).length > MOST_ELEMENTS * 2) return { kind: 'too large' }
  const fragment = purifier().sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_NAMESPACES: ['http://www.w3.org/1999/xhtml'],
    SANITIZE_NAMED_PROPS: true,
    RETURN_DOM_FRAGMENT: true,
  })
  const document = fragment.ownerDocument
  if (fragment.querySelectorAll('*').length > MOST_ELEMENTS) return { kind: 'too large' }
  for (const link of fragment.querySelectorAll('a')) disarmLink(link, document)
  for (const picture of fragment.querySelectorAll('img')) disarmPicture(picture, document)
  const box = document.createElement('div')
  box.append(fragment)
  return { kind: 'html', html: box.innerHTML }
}
