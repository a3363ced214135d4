/**
 * Draws a chart with Observable Plot into a document of its own, and gives it as SVG that needs no script. Colours are
 * the page's variables, so that one drawing serves the light and the dark scheme.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeHtml } from './html-text.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Colours that the style defines; with more methods they begin anew. */
const SERIES_COLOURS = 9;

/** The colour of a method, the same everywhere on the page. */
export function armColour(arm: string, arms: readonly string[]): string {
  return `var(--series-${Math.max(0, arms.indexOf(arm)) % SERIES_COLOURS})`;
}

/** One SVG; `description` says in words what it shows, for those who cannot see it. */
export function drawPlot(description: string, options: Plot.PlotOptions): string {
  const drawn = Plot.plot({
    ...options,
    document,
    style: { background: 'none', overflow: 'visible', fontSize: `${FONT_PIXELS}px` },
  });
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('aria-label', description);
  // Plot labels its parts for screen readers; beside the description they would only be read out one by one.
  return drawn.outerHTML.replaceAll(/<g ([^>]*?)aria-label="[^"]*"/g, '<g $1').replaceAll(/<style>[^<]*<\/style>/g, '');
}

const FONT_PIXELS = 12;
/** Of the widest usual letters, so that no name is wider than what it was given. */
const CHARACTER_PIXELS = 7;
const LABEL_MARGIN = 24;

/**
 * Names of rows at the left of a chart, over as many lines as `widest` pixels ask for: the margin that they take, the height that a row
 * needs at least, and the mark.
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
  /** How to read it. */
  readonly caption: string;
  /** Markup of a table with the chart's numbers. */
  readonly table?: string;
};

/** Charts side by side where there is room, their caption, and their numbers to unfold. */
export function figure(charts: readonly string[], { caption, table }: FigureText): string {
  const body =
    charts.length === 1 ? `<div class="scroll">${charts[0]!}</div>` : `<div class="charts">${charts.join('')}</div>`;
  const numbers = table === undefined ? '' : `<details><summary>The numbers of this chart</summary>${table}</details>`;
  return `<figure>${body}<figcaption>${escapeHtml(caption)}</figcaption>${numbers}</figure>`;
}

/** The colours of the methods that a chart shows. */
export function armLegend(shown: readonly string[], arms: readonly string[]): string {
  const items = arms
    .filter((arm) => shown.includes(arm))
    .map((arm) => `<li><span class="key" style="background:${armColour(arm, arms)}"></span>${escapeHtml(arm)}</li>`);
  return `<ul class="legend">${items.join('')}</ul>`;
}
