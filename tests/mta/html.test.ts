/** Pages that strangers send: what is read of them, and that nothing in them is read twice. */

import { expect, test } from 'vitest'
import { htmlLinks, htmlText } from '../../src/mta/html.ts'
import { tokensIn } from '../../src/mta/mailboxes/addressToken.ts'

test('the words of a page are those a reader sees, each block on a line of its own', () => {
  const page =
    '<html><head><title>No</title><style>p { color: red }</style></head><body><p>Hello &amp; <b>good</b>bye</p>' +
    '<!-- hidden --><ul><li>one<li>two</ul>three<br>four<script>five("</p>")</script></body>'
  expect(htmlText(page)).toBe('Hello & goodbye\none\ntwo\nthree\nfour')
})

test.each([
  ['a block quotation', '<blockquote type="cite"><div>1234 5678</div></blockquote>'],
  ['what Gmail quotes', '<div class="gmail_quote"><div>1234 5678</div></div>'],
])('%s is marked as mail marks it, and what follows is not', (_, quote) => {
  expect(htmlText(`<div>mine</div>${quote}<div>again</div>`)).toBe('mine\n> 1234 5678\nagain')
})

test('all that follows the mark of Outlook is quoted', () => {
  expect(htmlText('<div>mine</div><div id="divRplyFwdMsg">From</div><div>old</div>')).toBe('mine\n> From\n> old')
})

test('links are read with what is shown for them, also where they are never closed', () => {
  const page =
    '<a href="http://a.example/?x=1&amp;y=2">http://<b>b</b>.example</a> <a name="n">no</a> <A HREF=c>d<a href=\'e\'>f'
  expect(htmlLinks(page, 10, 1000)).toEqual([
    { href: 'http://a.example/?x=1&y=2', text: 'http://b.example' },
    { href: 'c', text: 'd' },
    { href: 'e', text: 'f' },
  ])
  expect(htmlLinks(page, 1, 5)).toEqual([{ href: 'http://a.example/?x=1&y=2', text: 'http:' }])
})

test('tokens are read out of the addresses a mail was written to, and out of nothing that only looks like one', () => {
  const mail =
    'To: A <appeal+one@r.example>, xappeal+two@r.example,\r\n Appeal+three@r.example, appeal+four\r\nCc: appeal+five+six@r\r\n\r\nappeal+seven@r'
  expect(tokensIn(Buffer.from(mail), 'appeal')).toEqual(['one', 'three'])
})
