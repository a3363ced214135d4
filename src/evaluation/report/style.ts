/** CSS for the charts of evaluation pages, in addition to the common CSS. */
export const STYLE = `
.chart{display:block;width:100%;height:auto;max-width:820px}.chart text{fill:var(--quiet);font-size:12px}.grid{stroke:var(--rule);stroke-width:1}.curve{fill:none;stroke-width:2.6;stroke-linejoin:round}
.series-0{stroke:var(--accent)}.series-1{stroke:var(--band-4)}.series-2{stroke:var(--band-5)}.series-3{stroke:var(--band-3)}.mark{fill:var(--paper);stroke:var(--quiet);stroke-width:1.8}
.dot{fill:var(--accent);fill-opacity:.85}.diagonal{stroke:var(--quiet);stroke-dasharray:4 4}
@media (max-width:40rem){.chart text{font-size:18px}}
`;
