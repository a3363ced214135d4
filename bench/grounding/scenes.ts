/**
 * Makes five reasoning texts about each of many generated scenes, and scores them with a verifier that knows the truth
 * about the scene.
 */
import { random, type Random, seedFrom, shuffled } from '../../src/core/random.ts';
import type { Grounder } from '../../src/grounding/grounding.ts';
import { evidenceSentence } from '../../src/miniature/annotators/evidence.ts';
import type { SceneTruth } from '../../src/miniature/truth.ts';
import type { World } from '../../src/miniature/world.ts';
import { referenceVisual } from '../../src/reward/reference-rewards.ts';
import { verifiedGrounding } from '../../src/reward/verified-grounding.ts';
import { visualGrounding } from '../../src/reward/visual-grounding.ts';
import type { Scores } from './compare.ts';
import type { Kind } from './labelled.ts';
import { rewardScores } from './photos.ts';

/** Maximum number of cues that a reasoning text names, and minimum number of cues that a scene must show. */
const CUES = 4;
const MIN_CUES = 3;

export type SceneMode = 'verified' | 'paper' | 'reference';

/** Scores the first `count` scenes that show at least MIN_CUES cues. */
export async function sceneScores(
  world: World,
  { grounder, mode, count }: { readonly grounder: Grounder; readonly mode: SceneMode; readonly count: number },
): Promise<Scores[]> {
  const scenes = world.scenes.filter(({ cues }) => telling(cues).length >= MIN_CUES).slice(0, count);
  if (scenes.length < count)
    throw new Error(`The world has ${scenes.length} scenes with ${MIN_CUES} cues; ${count} are needed.`);
  const reward = {
    verified: () => verifiedGrounding({ grounder, vocabulary: 'complete' }),
    paper: () => visualGrounding(grounder),
    reference: () => referenceVisual(),
  }[mode]();
  return Promise.all(
    scenes.map((scene) => {
      const texts = textsOf(scene, world);
      const elements = scene.elements.map(({ label }) => label);
      return rewardScores(reward, { elements, textOf: (kind) => texts[kind], country: scene.country });
    }),
  );
}

const telling = (cues: SceneTruth['cues']): SceneTruth['cues'] => cues.filter(({ kind }) => kind !== 'driving side');

function textsOf(scene: SceneTruth, world: World): Record<Kind, string> {
  const draw = random(seedFrom(`${scene.id}:grounding`));
  const present = new Set(scene.elements.map(({ label }) => label));
  const absent = shuffled(
    world.vocabulary.filter((label) => !present.has(label) && label.includes(' ')),
    draw,
  );
  const cues = shuffled([...new Set(telling(scene.cues).map(({ element }) => element))], draw).slice(0, CUES);
  const plain = scene.elements.map(({ label }) => label).filter((label) => !cues.includes(label));
  const closing = `So this is ${scene.city}, ${scene.country}.`;
  const written = (elements: readonly string[]): string =>
    [...elements.map((element) => evidenceSentence({ element }, 'careful', draw)), closing].join(' ');
  const [first = 'sky', second = 'road'] = plain;
  return {
    honest: written(cues),
    invented: written(absent.slice(0, cues.length)),
    attributes: written(cues.map((element) => withOtherAttribute(element, { absent, draw }))),
    vague: `There is a ${first} and a ${second}. ${closing}`,
    list: `${[...cues, ...plain].slice(0, CUES).join(', ')}.`,
  };
}

/**
 * Replaces the attribute of an element by one that the scene does not show. For example, "blue direction sign" becomes
 * "green direction sign".
 */
function withOtherAttribute(
  element: string,
  { absent, draw }: { readonly absent: readonly string[]; readonly draw: Random },
): string {
  const head = element.split(' ').at(-1)!;
  const others = absent.filter((label) => label.endsWith(` ${head}`));
  return others[draw.integer(Math.max(1, others.length))] ?? `striped ${head}`;
}
