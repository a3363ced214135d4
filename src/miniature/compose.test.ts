import { describe, expect, it } from 'vitest';
import { random } from '../core/random.ts';
import { composeScene } from './compose.ts';
import { CITIES } from './facts/cities.ts';
import { countryFacts } from './facts/countries.ts';
import { planScene } from './plan.ts';
import type { Plan } from './stage.ts';
import { VIEWS } from './views/views.ts';

const camera = { zoom: 1.05, shift: [0, 0], light: 1 } as const;
const city = CITIES.find(({ name }) => name === 'London')!;
const plan = (view: (typeof VIEWS)[number], shows = new Set(view.cues)): Plan => ({
  city,
  country: countryFacts('GB'),
  setting: view.setting,
  view: view.name,
  shows,
});

describe('composeScene', () => {
  it.each(VIEWS.map((view) => [view.name, view] as const))('%s fills the frame with named elements', (_, view) => {
    const { elements, image, labels, segmentation } = composeScene({ plan: plan(view), seed: 3, camera, pixels: 48 });
    expect(image).toHaveLength(48 * 48 * 3);
    const total = elements.reduce((sum, { share }) => sum + share, 0);
    expect(total).toBeGreaterThan(0.985);
    expect(total).toBeLessThan(1.001);
    for (const { label } of elements) expect(label).toMatch(/^[\p{Ll}][\p{Ll} -]*$/u);
    expect(new Set(elements.map(({ label }) => label)).size).toBe(elements.length);
    expect(Math.max(...segmentation())).toBeLessThan(labels.length);
  });

  it('gives the same bytes for the same seed, and different bytes for another', () => {
    const street = plan(VIEWS[0]!);
    const imageWith = (seed: number): Uint8Array => composeScene({ plan: street, seed, camera, pixels: 48 }).image;
    expect(Buffer.from(imageWith(1)).equals(imageWith(1))).toBe(true);
    expect(Buffer.from(imageWith(1)).equals(imageWith(2))).toBe(false);
  });

  it('draws the same elements at any size, so that shares do not depend on pixels', () => {
    const street = plan(VIEWS[0]!);
    const shares = (pixels: number): Map<string, number> =>
      new Map(
        composeScene({ plan: street, seed: 4, camera, pixels }).elements.map(({ label, share }) => [label, share]),
      );
    const large = shares(128);
    for (const [label, share] of shares(64)) expect(large.get(label) ?? 0, label).toBeCloseTo(share, 2);
  });

  it('shows only the cues of the plan: an empty plan has no cue in any view', () => {
    for (const view of VIEWS) {
      const { cues, difficulty } = composeScene({ plan: plan(view, new Set()), seed: 8, camera, pixels: 48 });
      expect(cues, view.name).toEqual([]);
      expect(difficulty).toBe('not-localizable');
    }
  });

  it('draws identical non-localizable photos in every country', () => {
    for (const view of VIEWS.filter(({ cues }) => cues.length === 0)) {
      const pictures = ['GB', 'JP', 'BR'].map((code) => {
        const there = CITIES.find(({ countryCode }) => countryCode === code)!;
        const scene = { ...plan(view), city: there, country: countryFacts(code) };
        return Buffer.from(composeScene({ plan: scene, seed: 5, camera, pixels: 48 }).image).toString('hex');
      });
      expect(new Set(pictures).size, view.name).toBe(1);
    }
  });

  it('drives on the other side of the road in another country', () => {
    const street = VIEWS.find(({ name }) => name === 'street')!;
    const side = (code: string): string | undefined => {
      const there = CITIES.find(({ countryCode }) => countryCode === code)!;
      const scene: Plan = {
        city: there,
        country: countryFacts(code),
        setting: 'urban',
        view: street.name,
        shows: new Set(['driving side']),
      };
      const { cues } = composeScene({ plan: scene, seed: 2, camera, pixels: 96 });
      return cues.find(({ kind }) => kind === 'driving side')?.value;
    };
    expect([side('GB'), side('FR')]).toEqual(['left', 'right']);
  });

  it('marks foreign cues as misleading', () => {
    const generator = random(11);
    let misled = 0;
    for (let i = 0; i < 150; i++) {
      const scene = planScene({ city, setting: 'urban', difficulty: 'country-only', random: generator });
      if (scene.foreign === undefined) continue;
      const { cues } = composeScene({ plan: scene, seed: i, camera, pixels: 48 });
      for (const { kind, misleading } of cues) expect(misleading).toBe(scene.foreign.kinds.has(kind));
      misled += cues.filter(({ misleading }) => misleading).length;
    }
    expect(misled).toBeGreaterThan(0);
  });
});
