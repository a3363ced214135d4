/** Computes the training targets of a vision tower from an element map. The targets are the elements in each patch. */
import type { ElementMap } from '../photo-source.ts';

/**
 * Sparse targets of one photo. Entry i of the three arrays says that patch `patches[i]` shows element `labels[i]` with
 * weight `weights[i]`.
 */
export type PatchLabels = {
  readonly patches: Uint16Array;
  readonly labels: Uint16Array;
  readonly weights: Float32Array;
  /** Elements with at least one pixel in the photo. */
  readonly shown: readonly number[];
};

/** Minimum share of a patch that an element must cover to become a target of the patch. */
const MIN_SHARE = 0.04;
/** Minimum number of pixels that an element must have in a patch to become a target of the patch. */
const MIN_PIXELS = 2;

/**
 * Labels a grid of `side` × `side` patches. An element's weight is proportional to the square root of its pixel count,
 * so that a small number plate still counts beside a road. The weights of a patch sum to 1. A patch without elements
 * has no weights.
 */
export function patchLabels(
  { pixels, map, labels }: ElementMap,
  { side, indexOf }: { readonly side: number; readonly indexOf: (label: string) => number },
): PatchLabels {
  const indices = labels.map(indexOf);
  const entries: { patch: number; label: number; weight: number }[] = [];
  const edge = (i: number): number => Math.round((i * pixels) / side);
  for (let patch = 0; patch < side * side; patch++) {
    const [row, column] = [Math.floor(patch / side), patch % side];
    const counts = new Map<number, number>();
    for (let y = edge(row); y < edge(row + 1); y++) {
      for (let x = edge(column); x < edge(column + 1); x++) {
        const label = indices[map[y * pixels + x]!];
        if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
      }
    }
    const area = (edge(row + 1) - edge(row)) * (edge(column + 1) - edge(column));
    const seen = [...counts].filter(([, n]) => n >= Math.max(MIN_PIXELS, area * MIN_SHARE));
    const total = seen.reduce((sum, [, n]) => sum + Math.sqrt(n), 0);
    for (const [label, n] of seen) entries.push({ patch, label, weight: Math.sqrt(n) / total });
  }
  return {
    patches: Uint16Array.from(entries, ({ patch }) => patch),
    labels: Uint16Array.from(entries, ({ label }) => label),
    weights: Float32Array.from(entries, ({ weight }) => weight),
    shown: [...new Set(map)].flatMap((i) => indices[i] ?? []),
  };
}
