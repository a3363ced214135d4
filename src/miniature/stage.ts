/**
 * The stage that a view draws on: a canvas with a brush for each named element, the plan, and a random generator. A
 * view asks the stage for each cue. The stage returns the country and city whose cue the view must draw, or nothing if
 * the plan omits the cue.
 */
import { defined } from '../core/defined.ts';
import type { Random } from '../core/random.ts';
import type { City } from './facts/cities.ts';
import type { Country } from './facts/country.ts';
import type { Brush, Canvas } from './draw/canvas.ts';
import type { Cue, CueKind } from './cues.ts';

export const SETTINGS = ['indoor', 'natural', 'urban'] as const;
export type Setting = (typeof SETTINGS)[number];

export const DIFFICULTIES = ['easy', 'country-only', 'not-localizable'] as const;
/**
 * 'easy': the visible cues identify the country and the city. 'country-only': they identify only the country.
 * 'not-localizable': nothing visible depends on the place.
 */
export type Difficulty = (typeof DIFFICULTIES)[number];

/** The intended content of a photo. What is visible after occlusion is measured later, on the picture. */
export type Plan = {
  readonly city: City;
  readonly country: Country;
  readonly setting: Setting;
  readonly view: string;
  readonly shows: ReadonlySet<CueKind>;
  /** The country of misleading cues (plate, flag or sign), and the kinds of these cues. */
  readonly foreign?: { readonly country: Country; readonly kinds: ReadonlySet<CueKind> };
};

export type Source = { readonly country: Country; readonly city: City; readonly misleading: boolean };

export type SceneElement = { readonly label: string; readonly cue?: Cue; readonly brush: Brush };

export type Stage = {
  readonly canvas: Canvas;
  readonly random: Random;
  readonly plan: Plan;
  readonly elements: readonly SceneElement[];
  /** Returns the brush of the element with this label and cue. The same label and cue always give the same element. */
  element(label: string, cue?: Cue): Brush;
  /**
   * Returns the country and city whose cue the view must draw. If the cue is misleading, the country is a foreign one.
   * Undefined if the plan omits the cue.
   */
  source(kind: CueKind): Source | undefined;
  /** Returns a random number, uniform in [from, to). */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
};

export function createStage(options: { canvas: Canvas; random: Random; plan: Plan }): Stage {
  const { canvas, random, plan } = options;
  const elements = new Map<string, SceneElement>();
  return {
    canvas,
    random,
    plan,
    get elements() {
      return [...elements.values()];
    },
    element: (label, cue) => {
      const key = cue === undefined ? label : `${label}|${cue.kind}|${cue.value}|${cue.misleading}`;
      let element = elements.get(key);
      if (element === undefined) {
        element = { label, brush: canvas.brush(), ...defined({ cue }) };
        elements.set(key, element);
      }
      return element.brush;
    },
    source: (kind) => {
      if (plan.foreign?.kinds.has(kind) === true)
        return { country: plan.foreign.country, city: plan.city, misleading: true };
      return plan.shows.has(kind) ? { country: plan.country, city: plan.city, misleading: false } : undefined;
    },
    between: (from, to) => from + random.next() * (to - from),
    chance: (probability) => random.next() < probability,
    pick: (items) => items[random.integer(items.length)]!,
  };
}
