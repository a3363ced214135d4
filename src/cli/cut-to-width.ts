/** Cuts text to the width of a terminal, where a Chinese character or an emoji takes two columns. */
import stringWidth from 'string-width';

/** Returns `text` if it fits into `columns`. Otherwise cuts off its end and adds "…", so that the result fits. */
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
