/** Escapes text for HTML and builds elements that several pages use. */

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

/** Returns a table whose first column is text and whose other columns are numbers. Cells are escaped HTML. */
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

/** Returns the main numbers of a page in large type. */
export function htmlTiles(items: readonly { readonly value: string; readonly label: string }[]): string {
  const tiles = items.map(
    ({ value, label }) =>
      `<li><strong>${escapeHtml(value)}</strong><span class="unit">${escapeHtml(label)}</span></li>`,
  );
  return `<ul class="tiles">${tiles.join('')}</ul>`;
}

/** Returns a list of terms with descriptions. */
export function htmlDefinitions(items: readonly (readonly [term: string, text: string])[]): string {
  const rows = items.map(([term, text]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(text)}</dd>`);
  return `<dl>${rows.join('')}</dl>`;
}
