import { describe, expect, it } from 'vitest';
import { patchLabels } from './patch-labels.ts';

const indexOf = (label: string): number => ['sky', 'road', 'plate'].indexOf(label);

describe('patchLabels', () => {
  // The photo has 8 × 8 pixels in four patches. The upper half is sky and the lower half road. A number plate covers
  // `plate` pixels of the last patch.
  const labelsWith = (plate: number) => {
    const map = new Uint8Array(64).map((_, i) => (i < 32 ? 0 : 1));
    for (let i = 0; i < plate; i++) map[60 + i] = 2;
    return patchLabels({ pixels: 8, map, labels: ['sky', 'road', 'plate'] }, { side: 2, indexOf });
  };
  const weightOf = (
    { patches, labels, weights }: ReturnType<typeof labelsWith>,
    patch: number,
    label: number,
  ): number => weights.find((_, i) => patches[i] === patch && labels[i] === label) ?? 0;

  it('gives each patch weights that sum to 1', () => {
    const labels = labelsWith(4);
    for (let patch = 0; patch < 4; patch++) {
      const own = [...labels.weights].filter((_, i) => labels.patches[i] === patch);
      expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    }
    expect(weightOf(labels, 0, 0)).toBe(1);
    expect(weightOf(labels, 3, 2)).toBeCloseTo(2 / (2 + Math.sqrt(12)), 6);
  });

  it('gives no weight to an element of a single pixel, but lists it as shown', () => {
    const labels = labelsWith(1);
    expect(weightOf(labels, 3, 2)).toBe(0);
    expect(labels.shown).toContain(2);
  });

  it('merges equal labels, and ignores pixels without an element', () => {
    const map = new Uint8Array(64).map((_, i) => i % 3);
    const { labels, weights, patches } = patchLabels(
      { pixels: 8, map, labels: ['road', 'road'] },
      { side: 1, indexOf },
    );
    expect([[...labels], [...weights], [...patches]]).toEqual([[1], [1], [0]]);
  });
});
