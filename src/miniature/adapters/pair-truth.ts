/**
 * Judges from the truth of a generated world whether a reasoning fits its photo. Training never uses this judgement. It
 * is yes if the photo shows its country, the reasoning names that country, and the photo shows most of the elements
 * that the reasoning mentions.
 */
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { PairTruth } from '../../training/reward-model/pairs.ts';
import type { World } from '../world.ts';
import { sceneWords } from './scene-words.ts';

export function pairTruth(world: World, gazetteer: Pick<Gazetteer, 'match'>): PairTruth {
  const read = sceneWords(world.vocabulary);
  return ({ example, reasoning, place }) => {
    const scene = world.sceneOf(example.image);
    if (scene.difficulty === 'not-localizable' || place === undefined) return false;
    if (!gazetteer.match(place, example.truth).country) return false;
    const shown = scene.elements.map(({ label }) => label);
    const { present, invented } = read(reasoning, shown);
    return present.length > invented.length;
  };
}
