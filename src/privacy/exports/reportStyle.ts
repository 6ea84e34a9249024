/** How the report looks: on a screen by day and by night, and on paper. It loads nothing. */

export const reportStyle = `
:root {
  color-scheme: light dark;
  --paper: #fff; --band: #f5f6f8; --ink: #1a1d23; --soft: #5c6370; --line: #e2e5ea; --accent: #1f5fd0;
  --good: #1a7f4b; --bad: #b3261e; --wait: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --band: #1c1f25; --ink: #e8eaee; --soft: #9aa2af; --line: #2d323b; --accent: #8ab4ff;
    --good: #5fd39a; --bad: #ff8a80; --wait: #f0c060;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif; }
body { max-width: 68rem; margin: 0 auto; padding: 3rem 2rem 5rem; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.75rem; margin-bottom: 2.25rem; }
.mark { color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; margin: 0 0 .75rem; }
h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; margin: 0 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; font-weight: 650; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 1.75rem 0 .5rem; color: var(--soft); }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--accent); }
.lead { font-size: 1.05rem; }
.soft { color: var(--soft); }
dl { display: grid; grid-template-columns: 12rem 1fr; gap: .35rem 1.5rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; max-width: 46rem; }
li { margin: .3rem 0; }
.numbers { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.5rem 0 .5rem; padding: 0; list-style: none; max-width: none; }
.numbers li { background: var(--band); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1.2rem; min-width: 10rem; margin: 0; }
.numbers b { display: block; font-size: 1.5rem; font-weight: 650; font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); padding: .45rem .9rem .45rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .5rem .9rem .5rem 0; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.places td:first-child::first-letter { text-transform: uppercase; }
.messages { table-layout: fixed; }
.messages th:nth-child(1) { width: 9.6rem; }
.messages th:nth-child(2) { width: 31%; }
.messages th:nth-child(4) { width: 6.4rem; }
.messages th:nth-child(5) { width: 6.6rem; }
.messages .to { color: var(--soft); }
.messages tr { break-inside: avoid; }
.delivered { color: var(--good); }
.failed, .expired, .cancelled { color: var(--bad); }
.queued, .sending, .deferred, .held, .mixed { color: var(--wait); }
section.month { content-visibility: auto; contain-intrinsic-size: auto 40rem; }
footer { margin-top: 3.5rem; border-top: 1px solid var(--line); padding-top: 1rem; color: var(--soft); font-size: .85rem; }
@media (max-width: 46rem) {
  body { padding: 1.5rem 1rem 3rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dt { margin-top: .6rem; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
  td { border: 0; padding: .1rem 0; text-align: left; }
  td.number { text-align: left; }
  .places td:first-child { font-weight: 600; }
}
@media print {
  :root {
    --paper: #fff; --band: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #000;
    --good: #000; --bad: #000; --wait: #000;
  }
  @page { margin: 18mm 16mm; }
  html { font-size: 11px; }
  body { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
  section.month { content-visibility: visible; }
}
`
