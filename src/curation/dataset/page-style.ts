/** The review page's additions to the common style: one column of cards under a sticky header. */
export const PAGE_STYLE = `
:root { --page: light-dark(var(--soft), var(--paper)); --card: light-dark(var(--paper), var(--soft)); --mark: light-dark(#fff1b8, #5a4a10); }
body { max-width: none; padding: 0; background: var(--page); font-size: 15px; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .75rem max(1rem, calc((100vw - 62rem) / 2)); background: var(--card); border-bottom: 1px solid var(--rule); }
h1 { margin: 0; font-size: 1.05rem; }
nav { display: flex; flex-wrap: wrap; gap: .35rem; }
button { padding: .2rem .7rem; border: 1px solid var(--rule); border-radius: 999px; background: transparent; color: inherit; font: inherit; font-size: .87rem; cursor: pointer; }
button span { color: var(--quiet); }
button[aria-pressed="true"] { border-color: currentcolor; font-weight: 600; }
button:disabled { opacity: .5; cursor: default; }
.decisions { margin-left: auto; font-size: .87rem; }
.help { flex-basis: 100%; max-width: none; margin: 0; color: var(--quiet); font-size: .8rem; }
kbd, code { font: .92em ui-monospace, monospace; }
main { display: grid; gap: 1rem; max-width: 62rem; margin: 1rem auto; padding: 0 1rem; }
article { display: grid; grid-template-columns: minmax(9rem, 18rem) 1fr; gap: 1.25rem; padding: 1rem; border: 1px solid var(--rule); border-left-width: 5px; border-radius: 10px; background: var(--card); scroll-margin-top: 9rem; }
article:focus { outline: 2px solid var(--accent); outline-offset: 1px; }
article[hidden] { display: none; }
article[data-decision^="accept"] { border-left-color: var(--good); }
article[data-decision^="reject"] { border-left-color: var(--bad); opacity: .65; }
figure { margin: 0; }
img { display: block; width: 100%; border-radius: 6px; image-rendering: auto; }
.missing { display: grid; place-items: center; aspect-ratio: 1; border: 1px dashed var(--rule); border-radius: 6px; color: var(--quiet); }
figcaption, .id, .seen { color: var(--quiet); font-size: .8rem; }
h2 { margin: 0; font-size: 1.05rem; }
h2 small { margin-left: .4rem; font-size: .78rem; font-weight: 500; }
.kept { color: var(--good); } .dropped { color: var(--bad); }
.id { margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: 0 0 .6rem; }
dt { max-width: 11rem; overflow: hidden; color: var(--quiet); font-size: .87rem; text-overflow: ellipsis; }
dd { margin: 0; } dd:not(.chosen) { color: var(--quiet); }
mark { border-radius: 3px; background: var(--mark); color: inherit; }
.gates { display: grid; gap: .1rem; margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .84rem; }
.passed b { color: var(--good); } .failed b { color: var(--bad); }
.seen { margin: 0 0 .6rem; }
.buttons { display: flex; gap: .5rem; margin: 0; }
article[data-decision^="accept"] [data-decide="accept"] { border-color: var(--good); color: var(--good); font-weight: 600; }
article[data-decision^="reject"] [data-decide="reject"] { border-color: var(--bad); color: var(--bad); font-weight: 600; }
@media (max-width: 44rem) { article { grid-template-columns: 1fr; } dl { grid-template-columns: 1fr; } header { position: static; } }
`;
