/** Located photos as one self-contained page: a map, and a card per photo with its reasons. No script, no network. */
import { defined } from '../../core/defined.ts';
import { summaryLine } from './format-text.ts';
import { formatText } from './format-text.ts';
import type { LocatedPhoto } from '../locate-photos.ts';
import { escapeHtml, worldMap } from '../../page/world-map.ts';
import type { MapPoint } from '../../page/world-map.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --sea: #eaf1f7; --land: #c9d3c0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --paper: #15181c; --line: #333a42; --sea: #1d2731; --land: #3d4a3a; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; }
.sea { fill: var(--sea); } .land { fill: var(--land); } .graticule { fill: none; stroke: var(--line); stroke-width: .3; }
.answer { fill: #d1242f; stroke: #fff; } .truth { fill: none; stroke: #0969da; stroke-width: 2; }
.error { fill: none; stroke: #d1242f; stroke-width: 1; stroke-dasharray: 3 2; }
article { display: grid; grid-template-columns: minmax(8rem, 20rem) 1fr; gap: 1rem; border-top: 1px solid var(--line); padding: 1rem 0; }
img { max-width: 100%; border-radius: 4px; } h2 { font-size: 1.1rem; margin: 0; } .facts { white-space: pre-line; }
figcaption, .name { opacity: .75; overflow-wrap: anywhere; }
@media (max-width: 40rem) { article { grid-template-columns: 1fr; } }
`;

/** `about` is one sentence on how the answers were made: model, samples, geocoder. */
export function formatHtml(photos: readonly LocatedPhoto[], { about }: { about: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Where the photos were taken</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Where the photos were taken</h1>
<p>${escapeHtml(about)}</p>
<figure>
${worldMap(photos.flatMap(mapPoint))}
<figcaption>Dots: the answers. Rings: the photos’ own EXIF positions.</figcaption>
</figure>
${photos.map(card).join('\n')}
</body>
</html>
`;
}

function mapPoint({ result }: LocatedPhoto, index: number): MapPoint[] {
  if (result.kind === 'failed') return [];
  const answer = result.model?.coordinate ?? result.coordinate;
  if (answer === undefined) return [];
  const truth = result.exif?.coordinate;
  return [
    {
      label: String(index + 1),
      href: `#photo-${index + 1}`,
      title: summaryLine(result),
      coordinate: answer,
      ...defined({ truth }),
    },
  ];
}

function card({ result, thumbnail }: LocatedPhoto, index: number): string {
  const [, , ...facts] = formatText(result).split('\n');
  const picture = thumbnail === undefined ? '' : `<img src="${thumbnail}" alt="">`;
  return `<article id="photo-${index + 1}">
<div>${picture}</div>
<div>
<h2>${index + 1}. ${escapeHtml(summaryLine(result))}</h2>
<p class="name">${escapeHtml(result.image)}</p>
<p class="facts">${escapeHtml(facts.map((line) => line.trim()).join('\n'))}</p>
</div>
</article>`;
}
