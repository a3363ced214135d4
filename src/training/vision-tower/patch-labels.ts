/** Computes the training targets of a vision tower, the elements of each patch, from an element map. */
import type { ElementMap } from '../photo-source.ts';

/** Sparse targets of one photo. Element `labels[i]` has the weight `weights[i]` in patch `patches[i]`. */
export type PatchLabels = {
  readonly patches: Uint16Array;
  readonly labels: Uint16Array;
  readonly weights: Float32Array;
  /** Every element with at least one pixel. */
  readonly shown: readonly number[];
};

/** Elements that cover a smaller share of a patch are not targets. */
const MIN_SHARE = 0.04;
/** Elements with fewer pixels in a patch are not targets. */
const MIN_PIXELS = 2;

/**
 * Labels a grid of `side` × `side` patches. An element's weight is proportional to the square root of its pixel count,
 * so that a small number plate still counts beside a road. The weights of a patch sum to 1, or to 0 without elements.
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
