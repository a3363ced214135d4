/**
 * The correct answer for a pair of photo and reasoning in the generated world; training never uses it. It is yes when
 * the photo shows its country, the reasoning names that country, and most elements in the reasoning are in the photo.
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
