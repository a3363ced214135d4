/**
 * Finds the elements that a text claims to see in a photo, and splits them into present and invented ones. The reports
 * on curation and on the reward model rely on it. It does not use the grounder, because the reports would then repeat
 * the grounder's mistakes.
 */

export type NamedThings = {
  /** Labels that the text asserts and the photo shows. */
  readonly present: readonly string[];
  /** Labels that the text asserts but the photo does not show. */
  readonly invented: readonly string[];
};

/**
 * Returns a function that finds the vocabulary's labels in a text as whole words, singular or plural. It tries longer
 * labels first, so that a "bus stop" does not count as a bus. `shown` holds the labels of the photo's elements.
 */
export function sceneWords(vocabulary: readonly string[]): (text: string, shown: readonly string[]) => NamedThings {
  const longestFirst = vocabulary.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const labels = longestFirst.map((label) => RegExp.escape(label)).join('|');
  const pattern = new RegExp(String.raw`\b(${labels})(?:e?s)?\b`, 'giu');
  return (text, shown) => {
    const things = [...new Set([...asserted(text).matchAll(pattern)].map((match) => match[1]!.toLowerCase()))];
    const { present = [], invented = [] } = Object.groupBy(things, (thing) =>
      shown.some((label) => isA(label, thing)) ? 'present' : 'invented',
    );
    return { present, invented };
  };
}

/** Removes clauses that describe something as missing. */
function asserted(text: string): string {
  return text
    .split(/(?<=[.;!?])\s/u)
    .filter((clause) => !/\bmissing\b/u.test(clause))
    .map((clause) => clause.replace(/\bno\b.*/u, ''))
    .join(' ');
}

/**
 * True if `name` is a more general name for the label. Such a name is not an invention: an "oncoming car" is a car, and
 * so is a taxi.
 */
function isA(label: string, name: string): boolean {
  return label === name || label.endsWith(` ${name}`) || (name === 'car' && label.endsWith('taxi'));
}
