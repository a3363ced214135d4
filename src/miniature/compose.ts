/**
 * Turns a plan into a picture and its truth. Draws the view and its obstructions, then measures in the element buffer
 * what is still visible. Only the visible cues decide the difficulty of the photo.
 */
import { random as seeded } from '../core/random.ts';
import type { VisualElement } from '../core/visual-element.ts';
import type { CueKind } from './cues.ts';
import { countryPosterior } from './cues.ts';
import { type Area, createCanvas, type Point, type Tint, UNITS } from './draw/canvas.ts';
import { drawBush, drawTree } from './draw/plant.ts';
import { COUNTRIES } from './facts/countries.ts';
import { COUNTRY_SHOWN } from './plan.ts';
import { createStage, type Difficulty, type Plan, type SceneElement, type Stage } from './stage.ts';
import type { SceneCue } from './truth.ts';
import { viewNamed } from './views/views.ts';

/** Elements with a smaller share of the picture are not listed. The limit is 4 pixels of 96 × 96. */
const MIN_SHARE = 0.0004;
/** A cue counts as visible if it fills at least this share of the picture and if enough of the cue is uncovered. */
const VISIBLE_SHARE: Partial<Record<CueKind, number>> = {
  plate: 0.002,
  'centre line': 0.001,
  'warning sign': 0.003,
  socket: 0.005,
  flag: 0.006,
  landmark: 0.005,
  script: 0.006,
};
const VISIBLE_DEFAULT = 0.003;
const UNCOVERED = 0.5;

export type Camera = { readonly zoom: number; readonly shift: Point; readonly light: number };

export type Composed = {
  /** RGB bytes, `pixels` × `pixels`. */
  readonly image: Uint8Array;
  /** Label of each pixel as an index into `labels`, row by row; computed on demand. */
  readonly segmentation: () => Uint8Array;
  readonly labels: readonly string[];
  /** Largest share first; labels are unique. */
  readonly elements: readonly VisualElement[];
  readonly cues: readonly SceneCue[];
  readonly difficulty: Difficulty;
  /**
   * Probability of the true country given the visible cues, according to the weights that define the generated world.
   */
  readonly countryPosterior: number;
};

/** Draws a plan. The same options give the same bytes. The photos of a burst differ only in the camera. */
export function composeScene(options: { plan: Plan; seed: number; camera: Camera; pixels: number }): Composed {
  const { plan, seed, camera, pixels } = options;
  const canvas = createCanvas({ pixels, zoom: camera.zoom, shift: camera.shift });
  const stage = createStage({ canvas, random: seeded(seed), plan });
  viewNamed(plan.view).draw(stage);
  obstruct(stage);
  const { elements } = stage;
  const areas = canvas.areas();
  const cues = visibleCues(elements, areas);
  const posterior = countryPosterior(cues)[COUNTRIES.indexOf(plan.country)]!;
  return {
    image: canvas.image(tint(stage, camera.light)),
    segmentation: () => canvas.segmentation(),
    labels: elements.map(({ label }) => label),
    elements: listElements(elements, areas),
    cues,
    difficulty: difficultyOf(cues, posterior),
    countryPosterior: posterior,
  };
}

/** May draw an obstruction in front of the camera: a bush, a tree, a pole or a passer-by. */
function obstruct(stage: Stage): void {
  if (stage.plan.setting === 'indoor' || stage.plan.shows.size === 0) return;
  const what = stage.random.next();
  const x = stage.between(8, 88);
  if (what < 0.07) stage.element('pole').rect(x, -8, 3, UNITS + 16, 0x5c6167);
  else if (what < 0.14) drawBush(stage, { x, ground: UNITS + 6, height: stage.between(18, 30) });
  else if (what < 0.19 && stage.source('vegetation') !== undefined)
    drawTree(stage, { x, ground: UNITS + 4, height: 66 });
  else if (what < 0.26) {
    const brush = stage.element('person');
    brush.ellipse(x, 58, 7, 8, 0x3a2c26);
    brush.polygon(
      [
        [x - 14, UNITS + 8],
        [x - 12, 72],
        [x - 6, 66],
        [x + 6, 66],
        [x + 12, 72],
        [x + 14, UNITS + 8],
      ],
      stage.pick([0x2f4a7a, 0x8a2f3a, 0x3c6a4a, 0x5a5a62]),
    );
  }
}

function visibleCues(elements: readonly SceneElement[], areas: readonly Area[]): SceneCue[] {
  return elements.flatMap(({ label, cue, brush }) => {
    if (cue === undefined) return [];
    const { visible, painted } = areas[brush.index]!;
    // `painted` counts overlapping shapes of one element twice. The factor 0.66 therefore lowers the limit from a half
    // to a third of `painted`.
    const seen = visible >= (VISIBLE_SHARE[cue.kind] ?? VISIBLE_DEFAULT) && visible >= painted * UNCOVERED * 0.66;
    return seen ? [{ ...cue, element: label }] : [];
  });
}

function listElements(elements: readonly SceneElement[], areas: readonly Area[]): VisualElement[] {
  const shares = new Map<string, number>();
  for (const { label, brush } of elements) shares.set(label, (shares.get(label) ?? 0) + areas[brush.index]!.visible);
  return [...shares]
    .filter(([, share]) => share >= MIN_SHARE)
    .map(([label, share]) => ({ label, share: Math.round(share * 1e5) / 1e5 }))
    .sort((a, b) => b.share - a.share || (a.label < b.label ? -1 : 1));
}

function difficultyOf(cues: readonly SceneCue[], posterior: number): Difficulty {
  if (posterior < COUNTRY_SHOWN) return 'not-localizable';
  return cues.some(({ kind, misleading }) => !misleading && (kind === 'landmark' || kind === 'transit'))
    ? 'easy'
    : 'country-only';
}

/** The colour of the light, which depends only on chance and on the camera. */
function tint(stage: Stage, light: number): Tint {
  const warmth = stage.between(-0.04, 0.04);
  return [light * (1 + warmth), light, light * (1 - warmth)];
}
