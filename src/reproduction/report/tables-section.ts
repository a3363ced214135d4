/**
 * Writes the section with the paper's tables, as measured in the generated world and as published. Measured and
 * published rows are in separate tables, so that they cannot be confused. After the tables, the section lists the
 * tested questions with their answers.
 */
import { escapeHtml, htmlRow, htmlTable } from '../../page/html-text.ts';
import type { Cell, ComparedTable, Finding, TableLine } from './content.ts';
import { type Verdict, verdictOf } from '../verdict.ts';
import { pointsWithin, pValue, signed } from './words.ts';

export function tablesSection(tables: readonly ComparedTable[]): string {
  if (tables.length === 0) return '';
  return `<section id="tables"><h2>The paper's tables</h2>
<p>The same questions in two different worlds. The paper's authors measured the grey tables on real photos, with models of seven billion parameters. The other tables were measured here, on drawings, with models about five thousand times smaller. Compare directions, not levels.</p>${tables.map((table) => comparedTable(table)).join('')}</section>`;
}

function comparedTable(content: ComparedTable): string {
  const { title, question, measured, published, findings } = content;
  return `<h3>${escapeHtml(title)}</h3><p>${escapeHtml(question)}</p>
<div class="beside"><div class="ours"><h4>Measured here, in the generated world</h4>${table(content, measured, 'measured')}</div>
<div class="theirs"><h4>Published by the paper, on real photos</h4>${table(content, published, 'published')}</div></div>${findingsTable(findings)}`;
}

function table(
  { columns, unit }: Pick<ComparedTable, 'columns' | 'unit'>,
  lines: readonly TableLine[],
  className: string,
): string {
  const cell = (one: Cell | null): string =>
    one === null ? '–' : unit === 'share' ? pointsWithin(one) : one.value.toLocaleString('en-US');
  return htmlTable(
    ['', ...columns.map((column) => escapeHtml(column))],
    lines.map(({ label, note, cells }) =>
      htmlRow(
        [
          `${escapeHtml(label)}${note === undefined ? '' : ` <span class="unit">${escapeHtml(note)}</span>`}`,
          ...cells.map((one) => cell(one)),
        ],
        className,
      ),
    ),
  );
}

const ANSWERS: Readonly<Record<Verdict, string>> = {
  gain: '<strong class="gain">yes</strong>',
  loss: '<strong class="loss">no, the reverse</strong>',
  'not shown': '<strong>not shown</strong>',
};

function findingsTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const rows = findings.map(({ question, compared, difference, unit, pAdjusted }) => {
    const { value, low, high } = difference;
    const [scale, digits] = unit === 'points' ? [100, 1] : [1, 2];
    const verdict = verdictOf({ difference: value, pAdjusted }, { lessIsBetter: unit === 'things' });
    return htmlRow([
      `${escapeHtml(question)} <span class="unit">${escapeHtml(compared)}</span>`,
      ANSWERS[verdict],
      `${signed(scale * value, digits)} <span class="unit">${signed(scale * low, digits)} to ${signed(scale * high, digits)}</span>`,
      pValue(pAdjusted),
    ]);
  });
  return `<details open><summary>Tests: paired differences with 95 % intervals, p corrected for all tests of the table (Holm)</summary>${htmlTable(
    ['question', 'answer', 'difference', 'p'],
    rows,
  )}</details>`;
}
