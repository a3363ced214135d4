/**
 * Draws charts with Observable Plot as SVG without scripts. Colours are CSS variables of the page, so the same drawing
 * works in the light and the dark scheme.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml } from './html-text.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Number of series colours in the page's style. With more methods, colours repeat. */
const SERIES_COLOURS = 9;

/** Returns the colour of a method. It is the same in all charts of the page. */
export function armColour(arm: string, arms: readonly string[]): string {
  return `var(--series-${Math.max(0, arms.indexOf(arm)) % SERIES_COLOURS})`;
}

/** Draws a chart as SVG. Screen readers read the description aloud. */
export function drawPlot(description: string, options: Plot.PlotOptions): string {
  const drawn = Plot.plot({
    ...options,
    document,
    style: { background: 'none', overflow: 'visible', fontSize: `${FONT_PIXELS}px` },
  });
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', description);
  // Plot labels every part of a chart. Screen readers would read all these labels after the description.
  return drawn.outerHTML.replaceAll(/<g ([^>]*?)aria-label="[^"]*"/g, '<g $1').replaceAll(/<style>[^<]*<\/style>/g, '');
}

const FONT_PIXELS = 12;
/** Width of the widest common letters. Using it for all letters ensures that every name fits. */
const CHARACTER_PIXELS = 7;
const LABEL_MARGIN = 24;

/**
 * Lays out row names at the left of a chart, wrapped at `widest` pixels. Returns the left margin, the minimum height of
 * a row, and the mark that draws the names.
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
  /** Explains how to read the chart. */
  readonly caption: string;
  /** HTML table with the chart's numbers. */
  readonly table?: string;
};

/** Returns charts with a caption and a foldable table of numbers. Charts are side by side if there is room. */
export function figure(charts: readonly string[], { caption, table }: FigureText): string {
  const body =
    charts.length === 1 ? `<div class="scroll">${charts[0]!}</div>` : `<div class="charts">${charts.join('')}</div>`;
  const numbers = table === undefined ? '' : `<details><summary>The numbers of this chart</summary>${table}</details>`;
  return `<figure>${body}<figcaption>${escapeHtml(caption)}</figcaption>${numbers}</figure>`;
}

/** Returns a legend with the colours of the methods in a chart. */
export function armLegend(shown: readonly string[], arms: readonly string[]): string {
  const items = arms
    .filter((arm) => shown.includes(arm))
    .map((arm) => `<li><span class="key" style="background:${armColour(arm, arms)}"></span>${escapeHtml(arm)}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}
