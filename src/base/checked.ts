/** What a check of something that was typed in answers. */

export type Checked = { ok: true; value: string } | { ok: false; problem: string }
