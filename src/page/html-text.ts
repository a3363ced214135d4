/** Text made safe for HTML, and small pieces of markup that every part of the page uses. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A table; the first column is text, the others are numbers. Cells are markup, already escaped. */
export function htmlTable(head: readonly string[], rows: readonly string[]): string {
  const cells = head
    .map((cell, index) => `<th scope="col"${index === 0 ? '' : ' class="number"'}>${cell}</th>`)
    .join('');
  return `<div class="scroll"><table><thead><tr>${cells}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

export function htmlRow(cells: readonly string[], className = ''): string {
  const [first = '', ...rest] = cells;
  return `<tr${className === '' ? '' : ` class="${className}"`}><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
