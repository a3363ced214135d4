/**
 * Finds many phrases in many lines in one pass over the words (Aho and Corasick, 1975). The time grows with the sum of
 * both lengths, not with their product.
 */

type Node = {
  readonly next: Map<string, Node>;
  /** The phrase that ends at this node. */
  phrase?: string;
  /** The node of the longest proper suffix of this path that is also the start of a phrase. */
  ending?: Node;
  /** The first node on the chain of `ending` links that has a phrase. */
  shorter?: Node;
};

/**
 * Returns for each phrase (words joined by a space) the index of the first line that contains it as whole words.
 * Phrases that no line contains are absent.
 */
export function firstLines(
  phrases: readonly string[],
  lines: readonly (readonly string[])[],
): ReadonlyMap<string, number> {
  const root = automaton(phrases);
  const found = new Map<string, number>();
  for (const [i, line] of lines.entries()) {
    let node = root;
    for (const word of line) {
      node = step(root, node, word);
      // If a phrase was found before, all shorter phrases at its end were also found. The loop can therefore stop, and
      // each phrase is visited once.
      for (let end = completed(node); end !== undefined && !found.has(end.phrase!); end = end.shorter) {
        found.set(end.phrase!, i);
      }
    }
  }
  return found;
}

const completed = (node: Node): Node | undefined => (node.phrase === undefined ? node.shorter : node);

function automaton(phrases: readonly string[]): Node {
  const root: Node = { next: new Map() };
  for (const phrase of phrases) {
    let node = root;
    for (const word of phrase.split(' ')) {
      const next = node.next.get(word) ?? { next: new Map<string, Node>() };
      node.next.set(word, next);
      node = next;
    }
    node.phrase = phrase;
  }
  // The order is breadth first. The `ending` of a node is a node with a shorter path, which must be complete before it is
  // used.
  const queue: Node[] = [root];
  for (const node of queue) {
    for (const [word, next] of node.next) {
      next.ending = node === root ? root : step(root, node.ending!, word);
      const shorter = completed(next.ending);
      if (shorter !== undefined) next.shorter = shorter;
      queue.push(next);
    }
  }
  return root;
}

function step(root: Node, from: Node, word: string): Node {
  for (let node: Node | undefined = from; node !== undefined; node = node.ending) {
    const next = node.next.get(word);
    if (next !== undefined) return next;
  }
  return root;
}
