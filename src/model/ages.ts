/** Upper bounds of the age bands of a queue group, in seconds; the last band is everything older. */
export const ageBands = [60, 300, 1800, 7200, 43_200, 86_400] as const
