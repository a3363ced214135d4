/**
 * Draws charts with Observable Plot as SVG that needs no script. Colours are CSS variables of the page, so that one
 * drawing works in the light and the dark scheme.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml } from './html-text.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Number of series colours in the page's style. If there are more methods, the colours repeat. */
const SERIES_COLOURS = 9;

/** The colour of a method, which is the same everywhere on the page. */
export function armColour(arm: string, arms: readonly string[]): string {
  return `var(--series-${Math.max(0, arms.indexOf(arm)) % SERIES_COLOURS})`;
}

/** Draws a chart as SVG; screen readers read out `description`. */
export function drawPlot(description: string, options: Plot.PlotOptions): string {
  const drawn = Plot.plot({
    ...options,
    document,
    style: { background: 'none', overflow: 'visible', fontSize: `${FONT_PIXELS}px` },
  });
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', description);
  // Plot labels its parts for screen readers, which would read them one by one in addition to the description.
  return drawn.outerHTML.replaceAll(/<g ([^>]*?)aria-label="[^"]*"/g, '<g $1').replaceAll(/<style>[^<]*<\/style>/g, '');
}

const FONT_PIXELS = 12;
/** Width of the widest common letters, so that every name fits. */
const CHARACTER_PIXELS = 7;
const LABEL_MARGIN = 24;

/**
 * Row names at the left of a chart, wrapped at `widest` pixels. Returns the left margin that they need, the minimum
 * height of a row, and the mark that draws them.
 */
export function rowLabels(
  labels: readonly string[],
  { widest }: { readonly widest: number },
): { readonly marginLeft: number; readonly rowPixels: number; readonly mark: Plot.Markish } {
  const longest = Math.max(...labels.map((label) => label.length)) * CHARACTER_PIXELS;
  const lines = Math.ceil(longest / widest);
  return {
    marginLeft: LABEL_MARGIN + Math.min(widest, longest),
    rowPixels: 10 + 14 * lines,
    mark: Plot.axisY({ label: null, tickSize: 0, lineWidth: widest / FONT_PIXELS }),
  };
}

export type FigureText = {
  /** Tells readers how to read the chart. */
  readonly caption: string;
  /** Markup of a table with the chart's numbers. */
  readonly table?: string;
};

/** Charts side by side if there is room, with their caption and a foldable table of their numbers. */
export function figure(charts: readonly string[], { caption, table }: FigureText): string {
  const body =
    charts.length === 1 ? `<div class="scroll">${charts[0]!}</div>` : `<div class="charts">${charts.join('')}</div>`;
  const numbers = table === undefined ? '' : `<details><summary>The numbers of this chart</summary>${table}</details>`;
  return `<figure>${body}<figcaption>${escapeHtml(caption)}</figcaption>${numbers}</figure>`;
}

/** A legend with the colours of the methods in a chart. */
export function armLegend(shown: readonly string[], arms: readonly string[]): string {
  const items = arms
    .filter((arm) => shown.includes(arm))
    .map((arm) => `<li><span class="key" style="background:${armColour(arm, arms)}"></span>${escapeHtml(arm)}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}
