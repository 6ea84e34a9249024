/** The wall clock, handed in so that tests can set it. */

export interface Clock {
  /** wall clock, milliseconds of Unix time */
  now(): number
}
