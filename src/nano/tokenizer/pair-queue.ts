/**
 * Counts neighbouring token pairs, and finds the most frequent pair quickly. Entries of the binary heap can have
 * outdated counts. If a pair's count fell, its entry is corrected when it is popped. If the count grew, the pair gets a
 * new entry, because its old entry would be popped too late.
 */

type Pair = {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Indices of the words that contain the pair or once contained it. */
  readonly words: Set<number>;
};

type Entry = { readonly key: number; readonly count: number };

/**
 * Encodes a pair as one number, so that pairs are ordered by the left id, then by the right id. Ids are below 65,536.
 */
const keyOf = (left: number, right: number): number => left * 65_536 + right;

const before = (a: Entry, b: Entry): boolean => a.count > b.count || (a.count === b.count && a.key < b.key);

export class PairQueue {
  readonly #pairs = new Map<number, Pair>();
  readonly #heap: Entry[] = [];
  /** Pairs whose count grew since the last pop. The next pop pushes each of them once, with its final count. */
  readonly #grown = new Set<number>();

  /**
   * Adds `by` to a pair's count, because occurrences of the pair appeared (`by` > 0) or disappeared (`by` < 0) in a
   * word.
   */
  change(left: number, right: number, by: number, word: number): void {
    const key = keyOf(left, right);
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, words: new Set() };
      this.#pairs.set(key, pair);
    }
    pair.count += by;
    if (by > 0) {
      pair.words.add(word);
      this.#grown.add(key);
    }
  }

  /** Removes and returns the most frequent pair, or undefined if the queue is empty. Ties go to the smaller ids. */
  pop(): { left: number; right: number; count: number; words: readonly number[] } | undefined {
    for (const key of this.#grown) this.#push({ key, count: this.#pairs.get(key)?.count ?? 0 });
    this.#grown.clear();
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) {
      const pair = this.#pairs.get(entry.key);
      if (pair === undefined || pair.count <= 0) continue;
      if (pair.count !== entry.count) {
        if (pair.count < entry.count) this.#push({ key: entry.key, count: pair.count });
        continue;
      }
      this.#pairs.delete(entry.key);
      return { left: pair.left, right: pair.right, count: pair.count, words: [...pair.words] };
    }
    return undefined;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #take(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
