/**
 * Formats located photos as pages: a map, and for each photo a card with the model's reasons. The pages have no scripts.
 * A page with inline pictures loads nothing; otherwise it loads the small copies beside it as the reader scrolls.
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

/** Number of photos on one page of several. */
const PHOTOS_PER_PAGE = 500;
/** The map shows alternatives and EXIF positions of at most this many photos. More would hide the answers. */
const MAX_DETAILED_PHOTOS = 500;

export type HtmlFile = { readonly name: string; readonly html: string };

/** `about` is a sentence that names the model, the samples and the geocoder. The page shows it. */
export function formatHtml(photos: readonly LocatedPhoto[], { about }: { about: string }): string {
  return page(photos, { about, map: mapOf(photos, () => ''), first: 0, pages: [], imageFiles: false });
}

/**
 * Formats many photos as several pages with the small copies in files of their own. The first page has the map of all
 * photos. `stem` is the name of the first page without ".html".
 */
export function formatHtmlPages(
  photos: readonly LocatedPhoto[],
  { about, stem }: { readonly about: string; readonly stem: string },
): HtmlFile[] {
  const count = Math.max(1, Math.ceil(photos.length / PHOTOS_PER_PAGE));
  const names = Array.from({ length: count }, (_, i) => (i === 0 ? `${stem}.html` : `${stem}-${i + 1}.html`));
  const pageOf = (index: number): string => {
    const at = Math.floor(index / PHOTOS_PER_PAGE);
    return at === 0 ? '' : names[at]!;
  };
  return names.map((name, i) => {
    const first = i * PHOTOS_PER_PAGE;
    const shown = photos.slice(first, first + PHOTOS_PER_PAGE);
    const map = i === 0 ? mapOf(photos, pageOf) : '';
    return { name, html: page(shown, { about, map, first, pages: count === 1 ? [] : names, imageFiles: true }) };
  });
}

type PageOptions = {
  readonly about: string;
  readonly map: string;
  /** Number of photos on earlier pages. */
  readonly first: number;
  /** Names of all pages; empty for a single page. */
  readonly pages: readonly string[];
  readonly imageFiles: boolean;
};

function page(photos: readonly LocatedPhoto[], { about, map, first, pages, imageFiles }: PageOptions): string {
  const links = pages.map((name, i) => `<a href="${escapeHtml(name)}">${i * PHOTOS_PER_PAGE + 1}–</a>`);
  return htmlPage({
    title: 'Where the photos were taken',
    style: STYLE,
    imageFiles,
    body: `<p>${escapeHtml(about)}</p>
${map}${links.length === 0 ? '' : `<nav>Photos: ${links.join(' ')}</nav>`}
${photos.map((photo, i) => card(photo, first + i)).join('\n')}`,
  });
}

/** Draws the map of all photos. `pageOf` returns the file name of the page with a photo; empty for the map's own page. */
function mapOf(photos: readonly LocatedPhoto[], pageOf: (index: number) => string): string {
  const hrefOf = (index: number): string => `${pageOf(index)}#photo-${index + 1}`;
  const answers = photos.map((photo, index) => answerOf(photo, { index, href: hrefOf(index) }));
  const isDetailed = photos.length <= MAX_DETAILED_PHOTOS;
  const others = photos.flatMap((photo, index) => alternativePoints(photo, { index, href: hrefOf(index) }));
  const map = worldMap({
    description: 'World map of the photos',
    points: [...(isDetailed ? others : []), ...answers.flatMap(({ point }) => point)],
    links: isDetailed ? answers.flatMap(({ link }) => link) : [],
    radius: isDetailed ? 4 : 2,
  });
  const details = isDetailed ? '; pale dots: their alternatives. Rings: the photos’ own EXIF positions' : '';
  return `<figure>${map}<figcaption>Dots: the answers${details}.</figcaption></figure>`;
}

type Mark = { readonly index: number; readonly href: string };

/**
 * Returns the model's answer as a point on the map, and a line from it to the photo's EXIF position. Without an EXIF
 * position there is no line, and without an answer there is neither.
 */
function answerOf(
  { result }: LocatedPhoto,
  { index, href }: Mark,
): { readonly point: MapPoint[]; readonly link: MapLink[] } {
  const answer = result.kind === 'failed' ? undefined : (result.model?.coordinate ?? result.coordinate);
  if (answer === undefined || result.kind === 'failed') return { point: [], link: [] };
  const truth = result.exif?.coordinate;
  const title = `${index + 1}. ${summaryLine(result)}`;
  return {
    point: [{ coordinate: answer, title, className: 'answer', href }],
    link: truth === undefined ? [] : [{ from: answer, to: truth }],
  };
}

/** Returns the alternatives of a photo's answer as points on the map. */
function alternativePoints({ result }: LocatedPhoto, { index, href }: Mark): MapPoint[] {
  if (result.kind === 'failed') return [];
  return (result.alternatives ?? result.model?.alternatives ?? []).map((alternative) => ({
    coordinate: alternative.coordinate,
    title: `${index + 1}. or ${alternativeText(alternative)}`,
    className: 'alternative',
    href,
  }));
}

function card({ result, thumbnail }: LocatedPhoto, index: number): string {
  const [, , ...facts] = formatText(result).split('\n');
  const picture = thumbnail === undefined ? '' : `<img src="${escapeHtml(thumbnail)}" alt="" loading="lazy">`;
  return `<article id="photo-${index + 1}">
<div>${picture}</div>
<div>
<h2>${index + 1}. ${escapeHtml(summaryLine(result))}</h2>
<p class="name quiet">${escapeHtml(result.image)}</p>
<p class="facts">${escapeHtml(facts.map((line) => line.trim()).join('\n'))}</p>
</div>
</article>`;
}
