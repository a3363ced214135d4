/**
 * Formats located photos as a self-contained page: a map, and for each photo a card with the model's reasons. The page
 * has no scripts and loads nothing.
 */
import { htmlPage } from '../../page/html-page.ts';
import { escapeHtml } from '../../page/html-text.ts';
import { type MapLink, type MapPoint, worldMap } from '../../page/world-map.ts';
import type { LocatedPhoto } from '../locate-photos.ts';
import { alternativeText, formatText, summaryLine } from './format-text.ts';

const STYLE = `
.points{fill-opacity:1}.points .answer{fill:var(--band-5);stroke-width:1}.points .alternative{fill:var(--band-5);fill-opacity:.35;stroke:none}.link{stroke:var(--band-5)}
article{display:grid;grid-template-columns:minmax(8rem,20rem) 1fr;gap:1rem;border-top:1px solid var(--rule);padding:1.2rem 0}article:target{background:var(--soft)}
article h2{margin:0}article p{margin:.4rem 0}img{max-width:100%;border-radius:4px}.facts{white-space:pre-line}.name{overflow-wrap:anywhere}
@media (max-width:40rem){article{grid-template-columns:1fr}}
`;

/** `about` is a sentence that names the model, the samples and the geocoder. The page shows it. */
export function formatHtml(photos: readonly LocatedPhoto[], { about }: { about: string }): string {
  const answers = photos.map(answerOf);
  const map = worldMap({
    description: 'World map of the photos',
    points: [...photos.flatMap(alternativePoints), ...answers.flatMap(({ point }) => point)],
    links: answers.flatMap(({ link }) => link),
    radius: 4,
  });
  return htmlPage({
    title: 'Where the photos were taken',
    style: STYLE,
    body: `<p>${escapeHtml(about)}</p>
<figure>${map}<figcaption>Dots: the answers; pale dots: their alternatives. Rings: the photos’ own EXIF positions.</figcaption></figure>
${photos.map(card).join('\n')}`,
  });
}

/**
 * Returns the model's answer as a point on the map, and a line from it to the photo's EXIF position. The line is absent
 * without an EXIF position. Both are absent without an answer.
 */
function answerOf({ result }: LocatedPhoto, index: number): { readonly point: MapPoint[]; readonly link: MapLink[] } {
  const answer = result.kind === 'failed' ? undefined : (result.model?.coordinate ?? result.coordinate);
  if (answer === undefined || result.kind === 'failed') return { point: [], link: [] };
  const truth = result.exif?.coordinate;
  const title = `${index + 1}. ${summaryLine(result)}`;
  return {
    point: [{ coordinate: answer, title, className: 'answer', href: `#photo-${index + 1}` }],
    link: truth === undefined ? [] : [{ from: answer, to: truth }],
  };
}

/** Returns the alternatives of a photo's answer as points on the map. */
function alternativePoints({ result }: LocatedPhoto, index: number): MapPoint[] {
  if (result.kind === 'failed') return [];
  return (result.alternatives ?? result.model?.alternatives ?? []).map((alternative) => ({
    coordinate: alternative.coordinate,
    title: `${index + 1}. or ${alternativeText(alternative)}`,
    className: 'alternative',
    href: `#photo-${index + 1}`,
  }));
}

function card({ result, thumbnail }: LocatedPhoto, index: number): string {
  const [, , ...facts] = formatText(result).split('\n');
  const picture = thumbnail === undefined ? '' : `<img src="${thumbnail}" alt="">`;
  return `<article id="photo-${index + 1}">
<div>${picture}</div>
<div>
<h2>${index + 1}. ${escapeHtml(summaryLine(result))}</h2>
<p class="name quiet">${escapeHtml(result.image)}</p>
<p class="facts">${escapeHtml(facts.map((line) => line.trim()).join('\n'))}</p>
</div>
</article>`;
}
