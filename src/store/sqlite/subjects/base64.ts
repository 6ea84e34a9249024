/** Addresses that stand in a text as base64 (RFC 4648 §4, §5): in links out of a mailing, in ids of campaigns. */

/** Base64 of more than the shortest address, in either alphabet. */
const RUN = /[A-Za-z0-9+/_-]{12,}={0,2}/g
const ADDRESS = /[\p{L}\p{N}._%+=-]@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/u

/**
 * What a run may say that has an address in it. What stands before, such as the path of a link, is of the same alphabet,
 * so that any of four places may be where the first group begins; one of them reads everything after it.
 */
function textsOf(run: string): string[] {
  return [0, 1, 2, 3].flatMap((offset) => {
    const bytes = Buffer.from(run.slice(offset), 'base64')
    if (!bytes.includes(0x40)) return []
    const said = bytes.toString('utf8')
    return ADDRESS.test(said) ? [said] : []
  })
}

/** What the base64 of a text says where it has addresses, a line each; empty where there are none. */
export function base64Texts(text: string): string {
  return [...text.matchAll(RUN)].flatMap(([run]) => textsOf(run)).join('\n')
}

/** The text with each run of base64 that says something of a kind replaced as a whole. */
export function replaceBase64(text: string, isMeant: (said: string) => boolean, by: string): string {
  return text.replace(RUN, (run) => (textsOf(run).some(isMeant) ? by : run))
}
