/**
 * Styles of this page, in addition to the style that all pages share. There are nine colours for methods. The first,
 * for bases, is grey.
 */
export const STYLE = `
:root{--series-0:#6b7680;--series-1:#0b62a8;--series-2:#d5601c;--series-3:#23834c;--series-4:#8750bd;--series-5:#a8770b;--series-6:#bf346c;--series-7:#14808f;--series-8:#6e5a45}
@media (prefers-color-scheme:dark){:root{--series-0:#98a3ad;--series-1:#6db7f2;--series-2:#f08a4b;--series-3:#5cc78a;--series-4:#bd93ea;--series-5:#d8ac4c;--series-6:#ee7ba8;--series-7:#56c3d1;--series-8:#b9a48c}}
section{margin-top:3rem}h3{font-size:1.02rem;margin:1.8rem 0 .4rem}h4{font-size:.9rem;margin:0 0 .3rem}
.caution{border-left:4px solid var(--band-4);background:var(--soft);padding:.7rem 1rem;border-radius:0 8px 8px 0;margin:1.2rem 0}.caution p{margin:0}
svg[role=img]{max-width:100%;height:auto;color:var(--quiet)}figure .scroll svg{min-width:36rem}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1.2rem 1.4rem}.charts h4{color:var(--quiet);font-weight:600}
.key{display:inline-block;width:14px;height:14px;border-radius:4px;flex:none}figure .legend,section>.legend{margin:.6rem 0 1rem}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--quiet);font-size:.875rem}details table{width:auto;min-width:24rem}
.gain{color:var(--good)}.loss{color:var(--bad)}td .unit{display:block}
.examples{display:grid;gap:1.2rem}.example{display:grid;grid-template-columns:176px 1fr;gap:1.1rem;background:var(--soft);border-radius:12px;padding:1rem}
.photo img{display:block;border-radius:8px;image-rendering:auto}.photo p{margin:.5rem 0 0;font-size:.9rem}
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem}.answer{border-left:3px solid;padding:.1rem 0 .1rem .9rem;font-size:.92rem}
.answer p{margin:.2rem 0 .5rem}.answer .wrong{color:var(--bad);font-size:.85rem}.verdict svg{vertical-align:-1px}
.beside{display:grid;grid-template-columns:minmax(0,1fr);gap:1.2rem}.ours,.theirs{border-radius:10px;padding:.9rem 1rem}.ours{border:1px solid var(--rule)}.theirs{background:var(--soft)}.theirs h4{color:var(--quiet)}
nav ul{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;padding:0;margin:1rem 0;font-size:.9rem}
@media (min-width:78rem){body{max-width:1180px}}
@media (max-width:40rem){.example{grid-template-columns:1fr}}
@media print{details{display:none}section{break-inside:avoid-page}}
`;
