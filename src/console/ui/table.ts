/** The look of a plain table, for lists that are short enough to be drawn whole. */

export const tableClass =
  'w-full border-separate border-spacing-0 [&_td]:h-8 [&_td]:border-line-soft [&_td]:border-b [&_td]:px-2.5 ' +
  '[&_th]:h-[30px] [&_th]:border-line [&_th]:border-b [&_th]:px-2.5 [&_th]:text-left [&_th]:font-medium ' +
  '[&_th]:text-faint [&_th]:text-sm [&_th]:whitespace-nowrap [&_tbody_tr:last-child_td]:border-b-0'
