/**
 * Which things a text says are in a photo, and which of them are: the one truth for reports of curation and of the
 * reward model. It does not use the grounder, whose mistakes it would then share.
 */

export type NamedThings = {
  /** Labels that the text asserts and the photo shows. */
  readonly present: readonly string[];
  /** Labels that the text asserts and the photo does not show. */
  readonly invented: readonly string[];
};

/**
 * Reads texts with the labels of a vocabulary: whole words, singular or plural, longer labels first, so that a "bus
 * stop" is not also a bus. `shown` holds the labels of what the photo shows.
 */
export function sceneWords(vocabulary: readonly string[]): (text: string, shown: readonly string[]) => NamedThings {
  const longestFirst = vocabulary.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const labels = longestFirst.map((label) => RegExp.escape(label)).join('|');
  const pattern = new RegExp(String.raw`\b(${labels})(?:e?s)?\b`, 'giu');
  return (text, shown) => {
    const named = [...new Set([...asserted(text).matchAll(pattern)].map((match) => match[1]!.toLowerCase()))];
    const { present = [], invented = [] } = Object.groupBy(named, (thing) =>
      shown.some((label) => isA(label, thing)) ? 'present' : 'invented',
    );
    return { present, invented };
  };
}

/** The text without what it says is missing. */
function asserted(text: string): string {
  return text
    .split(/(?<=[.;!?])\s/u)
    .filter((clause) => !/\bmissing\b/u.test(clause))
    .map((clause) => clause.replace(/\bno\b.*/u, ''))
    .join(' ');
}

/** An "oncoming car" is a car, and so is a taxi: a less exact name invents nothing. */
function isA(label: string, named: string): boolean {
  return label === named || label.endsWith(` ${named}`) || (named === 'car' && label.endsWith('taxi'));
}
