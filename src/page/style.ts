/**
 * The common CSS for light and dark schemes and for print. Colours of distance bands go from blue (near) to red (far).
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2126;--quiet:#5d6873;--rule:#dde2e7;--soft:#f4f6f8;--sea:#eaf1f6;--land:#d3d9de;
--accent:#0b62a8;--band-0:#08457e;--band-1:#1f77b4;--band-2:#74b3d8;--band-3:#f0b35c;--band-4:#e2762f;--band-5:#b3261e;--band-none:#8b949d;--good:#1c7a43;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--paper:#14181c;--ink:#e6eaee;--quiet:#9aa6b2;--rule:#2e363e;--soft:#1c2227;--sea:#191f25;--land:#333c45;
--accent:#6db7f2;--band-0:#a9d6ff;--band-1:#5cacec;--band-2:#2f7cb8;--band-3:#d9a24a;--band-4:#ee8240;--band-5:#ff6252;--band-none:#79838d;--good:#6bd398;--bad:#ff7b6e}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1040px;padding:2.2rem 1.4rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .3rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.6rem 0 .7rem}
p{max-width:46rem}.quiet,figcaption,.legend,.unit{color:var(--quiet);font-size:.875rem}a{color:var(--accent)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.4rem,1fr));gap:.7rem;padding:0;margin:1.4rem 0;list-style:none}
.tiles li{background:var(--soft);border-radius:8px;padding:.7rem .9rem}.tiles strong{display:block;font-size:1.45rem;font-variant-numeric:tabular-nums;line-height:1.25}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.34rem .6rem;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}th[scope=row],th:first-child{min-width:9rem;text-align:left;font-weight:500;white-space:normal;overflow-wrap:anywhere}
thead th{color:var(--quiet);font-weight:500;font-size:.82rem;vertical-align:bottom}tr.heading th{padding-top:1.1rem;color:var(--quiet);font-weight:600;font-size:.82rem}
tr.measured th,tr.measured td{font-weight:650}tr.measured .unit{display:block;font-weight:400}tr.published td,tr.published th{color:var(--quiet)}
figure{margin:0 0 1.6rem}figcaption{margin-top:.5rem}.map{display:block;width:100%;height:auto}.sea{fill:var(--sea)}.land{fill:var(--land)}.graticule{fill:none;stroke:var(--paper);stroke-width:.6;opacity:.6}
.points{fill-opacity:.8}.points circle{stroke:var(--paper);stroke-width:.35}
.band-0{fill:var(--band-0)}.band-1{fill:var(--band-1)}.band-2{fill:var(--band-2)}.band-3{fill:var(--band-3)}.band-4{fill:var(--band-4)}.band-5{fill:var(--band-5)}.band-none{fill:var(--band-none)}
.link{fill:none;stroke:var(--ink);stroke-width:.8;stroke-dasharray:3 2.5;opacity:.75;pointer-events:none}.ring{fill:none;stroke:var(--accent);stroke-width:2}.number circle{fill:var(--ink)}.number text{fill:var(--paper);font-size:10px;font-weight:700;text-anchor:middle}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;list-style:none;padding:0;margin:.7rem 0 0}.legend li{display:flex;align-items:center;gap:.4rem}.swatch{width:24px;height:12px;flex:none}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.2rem;font-size:.9rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
@media (max-width:40rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}}
`;
