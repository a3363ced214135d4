/** Builds a page as a single HTML file that opens from disk and loads no other files, unless `imageFiles` is true. */
import { escapeHtml } from './html-text.ts';
import { STYLE } from './style.ts';

export type HtmlPage = {
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  /** Escaped HTML above the body. The default is the title as a heading. */
  readonly header?: string;
  /** CSS in addition to the common style. */
  readonly style?: string;
  /** JavaScript that runs after the page is loaded. */
  readonly script?: string;
  /** True if the page shows image files beside it. */
  readonly imageFiles?: boolean;
};

export function htmlPage({
  title,
  body,
  header = `<h1>${escapeHtml(title)}</h1>`,
  style = '',
  script,
  imageFiles = false,
}: HtmlPage): string {
  // If unescaped text ever reaches the page, this policy stops it from loading anything from outside.
  const policy = `default-src 'none'; img-src data:${imageFiles ? " 'self' file:" : ''}; style-src 'unsafe-inline'${script === undefined ? '' : "; script-src 'unsafe-inline'"}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title><style>${STYLE}${style}</style></head><body>
${header}
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body></html>
`;
}
