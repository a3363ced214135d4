/** The paper's tables: measured here in the generated world, and as published. Two tables each, so that no row is taken for the other. */
import { escapeHtml, htmlRow, htmlTable } from '../../evaluation/report/html-text.ts';
import type { ComparedTable, TableLine } from './content.ts';
import { pointsWithin } from './words.ts';

export function tablesSection(tables: readonly ComparedTable[]): string {
  if (tables.length === 0) return '';
  const parts = tables.map(
    ({
      title,
      question,
      finding,
      columns,
      measured,
      published,
    }) => `<h3>${escapeHtml(title)}</h3><p>${escapeHtml(question)}</p>
${finding === undefined ? '' : `<p><strong>${escapeHtml(finding)}</strong></p>`}
<div class="beside"><div class="ours"><h4>Measured here, in the generated world</h4>${table(columns, measured, 'measured')}</div>
<div class="theirs"><h4>Published by the paper, on real photos</h4>${table(columns, published, 'published')}</div></div>`,
  );
  return `<section id="tables"><h2>The paper's tables</h2>
<p>The same questions, asked of two different worlds. The right-hand numbers were measured by the paper's authors on real photos with models of seven billion parameters; the left-hand ones here, on drawings, with a model a few thousandths of that size. Compare the directions, never the levels.</p>${parts.join('')}</section>`;
}

function table(columns: readonly string[], lines: readonly TableLine[], className: string): string {
  return htmlTable(
    ['', ...columns.map((column) => escapeHtml(column))],
    lines.map(({ label, note, cells }) =>
      htmlRow(
        [
          `${escapeHtml(label)}${note === undefined ? '' : ` <span class="unit">${escapeHtml(note)}</span>`}`,
          ...cells.map((cell) => (cell === null ? '–' : pointsWithin(cell))),
        ],
        className,
      ),
    ),
  );
}
