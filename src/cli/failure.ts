/** Something a person can put right, told in one line on stderr; the exit status is 1. */
export class Failure extends Error {
  override name = 'Failure'
}
