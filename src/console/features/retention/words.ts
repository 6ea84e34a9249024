/** Counts of retention in words. */

export { headersInText } from '../../parts/kept/words.ts'
