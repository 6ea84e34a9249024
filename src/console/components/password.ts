/** Passwords made up for credentials. */

/** Letters and digits that are not mistaken for one another when read aloud or typed from paper. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789'
const GROUPS = 4
const GROUP = 6

/** A password of 24 random characters in groups, about 138 bits. Safe in shells and configuration files. */
export function generatePassword(): string {
  const limit = 256 - (256 % ALPHABET.length)
  const characters: string[] = []
  while (characters.length < GROUPS * GROUP) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
    // bytes beyond the last whole multiple would favour some characters
    if (byte < limit) characters.push(ALPHABET.charAt(byte % ALPHABET.length))
  }
  return Array.from({ length: GROUPS }, (_, i) => characters.slice(i * GROUP, (i + 1) * GROUP).join('')).join('-')
}
