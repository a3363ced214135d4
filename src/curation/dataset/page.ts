/**
 * Creates the review page of a dataset, as one self-contained HTML file. Each card shows the photo, its place, the
 * annotators' answers, every gate's verdict, and buttons to accept or reject. The page saves the decisions as a file
 * for `globe dataset review`.
 */
import { htmlPage } from '../../page/html-page.ts';
import { escapeHtml } from '../../page/html-text.ts';
import type { PageItem } from './page-items.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

export type PageOptions = { readonly title: string; readonly items: readonly PageItem[] };

export function datasetPage({ title, items }: PageOptions): string {
  const statuses = [...new Set(items.map(({ status }) => status))];
  const filters = ['all', ...statuses].map((status) => {
    const count = status === 'all' ? items.length : items.filter((item) => item.status === status).length;
    return `<button type="button" data-filter="${escapeHtml(status)}" aria-pressed="${status === 'all'}">${escapeHtml(status)} <span>${count}</span></button>`;
  });
  return htmlPage({
    title,
    style: PAGE_STYLE,
    script: PAGE_SCRIPT,
    header: `<header>
<h1>${escapeHtml(title)}</h1>
<nav aria-label="Filter">${filters.join('')}</nav>
<div class="decisions"><span id="count" role="status">No decisions yet</span> <button type="button" id="save" disabled>Save decisions</button></div>
<p class="help">Keys: <kbd>j</kbd> next, <kbd>k</kbd> previous, <kbd>a</kbd> accept, <kbd>r</kbd> reject. Then: <code>globe dataset review RUN --decisions decisions.json</code></p>
</header>`,
    body: `<main>${items.map(card).join('\n')}</main>`,
  });
}

function card(item: PageItem): string {
  const { id, status, kept, thumbnail, place, scene, answers, gates, elements, review, credit } = item;
  const source = thumbnail === undefined ? '' : `data:image/jpeg;base64,${Buffer.from(thumbnail).toString('base64')}`;
  const picture =
    thumbnail === undefined
      ? '<div class="missing">no picture</div>'
      : `<img src="${source}" alt="${escapeHtml(`Photo ${id}`)}" loading="lazy">`;
  const definitions = answers.map(
    ({ annotator, text, chosen }) =>
      `<dt>${escapeHtml(annotator)}</dt><dd${chosen ? ' class="chosen"' : ''}>${chosen ? marked(text, item) : escapeHtml(text)}</dd>`,
  );
  const verdicts = gates.map(
    ({ gate, passed, reason }) =>
      `<li class="${passed ? 'passed' : 'failed'}"><b>${passed ? '✓' : '✗'} ${escapeHtml(gate)}</b> ${escapeHtml(reason)}</li>`,
  );
  const decision = review === undefined ? '' : ` data-decision="${escapeHtml(review)}"`;
  return `<article tabindex="0" data-id="${escapeHtml(id)}" data-status="${escapeHtml(status)}"${decision}>
<figure>${picture}<figcaption>${escapeHtml(credit)}</figcaption></figure>
<div class="text">
<h2>${escapeHtml(place)} <small class="${kept ? 'kept' : 'dropped'}">${kept ? escapeHtml(status) : `dropped: ${escapeHtml(status)}`}</small></h2>
<p class="id">${escapeHtml([id, scene].filter(Boolean).join(' · '))}</p>
<dl>${definitions.join('')}</dl>
<ul class="gates">${verdicts.join('')}</ul>
${elements.length === 0 ? '' : `<p class="seen">Seen: ${escapeHtml(elements.join(', '))}</p>`}
<p class="buttons"><button type="button" data-decide="accept">Accept</button><button type="button" data-decide="reject">Reject</button></p>
</div></article>`;
}

/** Renders the text as HTML and highlights the entities in it. */
function marked(text: string, { entities }: PageItem): string {
  const words = entities.filter((entity) => entity !== '').toSorted((a, b) => b.length - a.length);
  if (words.length === 0) return escapeHtml(text);
  const pattern = new RegExp(words.map((word) => RegExp.escape(word)).join('|'), 'giu');
  let at = 0;
  let html = '';
  for (const match of text.matchAll(pattern)) {
    html += `${escapeHtml(text.slice(at, match.index))}<mark>${escapeHtml(match[0])}</mark>`;
    at = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(at));
}
