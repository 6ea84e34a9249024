/** The word that fits a number. */
export function plural(many: number, one: string, more: string): string {
  return many === 1 ? one : more
}
