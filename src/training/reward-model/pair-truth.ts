/**
 * What is true of a pair in the generated world, known by construction and never shown to training: yes when the photo
 * shows its country, and the reasoning places it there mostly by things that are in the photo.
 */
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { World } from '../../miniature/world.ts';
import type { Pair } from './pairs.ts';

/** More than this share of what a reasoning names must be there: "rests on" the photo. */
const MOST = 0.5;

export function pairTruth(world: World, gazetteer: Gazetteer): (pair: Pair) => boolean {
  const labels = world.vocabulary.toSorted((a, b) => b.length - a.length).map((label) => RegExp.escape(label));
  const named = new RegExp(`\\b(?:${labels.join('|')})\\b`, 'giu');
  return ({ example, reasoning, place }) => {
    const scene = world.sceneOf(example.image);
    if (scene.difficulty === 'not-localizable' || place === undefined) return false;
    if (!gazetteer.match(place, example.truth).country) return false;
    const shown = new Set(scene.elements.map(({ label }) => label));
    const things = [...new Set((reasoning.match(named) ?? []).map((thing) => thing.toLowerCase()))];
    return things.filter((thing) => shown.has(thing)).length > MOST * things.length;
  };
}
