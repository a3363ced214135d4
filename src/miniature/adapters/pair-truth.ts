/**
 * Judges from the truth of a generated world whether a reasoning text fits its photo. It fits if the photo is
 * localizable, the text names the right country, and the photo shows more than half of the elements that the text
 * mentions. Training never uses this judgement.
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
