/** Cuts text to the width of a terminal, on which Chinese characters and emoji are two columns wide. */
import stringWidth from 'string-width';

/** Returns `text` if it fits into `columns`. Otherwise, cuts off the end and appends "…", so that the result fits. */
export function cutToWidth(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let cut = '';
  let width = 1;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    cut += segment;
  }
  return `${cut}…`;
}
