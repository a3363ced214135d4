/** Groups linked items (union-find). Used for near-duplicates and for photos that must be in the same split. */

export type Groups = {
  /** Adds an item without links, and returns its index. */
  add(): number;
  link(a: number, b: number): void;
  /** Returns the smallest index in the group of `index`. */
  find(index: number): number;
};

export function createGroups(size = 0): Groups {
  const parent = Array.from({ length: size }, (_, i) => i);
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = index; at !== root;) {
      const next = parent[at]!;
      parent[at] = root;
      at = next;
    }
    return root;
  };
  return {
    add: () => parent.push(parent.length) - 1,
    find,
    link: (a, b) => {
      const [first, second] = [find(a), find(b)];
      parent[Math.max(first, second)] = Math.min(first, second);
    },
  };
}
