/**
 * The unit of an arm's answers to the test photos of a world: one answer per photo and, optionally, additional sampled
 * answers.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { PromptForm } from '../../prompts/locate-prompt.ts';
import type { MakeOptions, Unit } from '../../storage/units.ts';
import type { Arm } from '../arms.ts';
import { evaluateArm, type TestPhoto } from '../evaluate-arm.ts';
import { tablePhotos } from '../table-photos.ts';
import type { Resources } from '../resources.ts';

export type EvaluationUnitOptions = Pick<Unit, 'name' | 'needs' | 'settings'> & {
  readonly arm: Arm;
  /** Folder of the arm's model. Undefined if the arm has no model. */
  readonly model: string | undefined;
  /** Folder of the world. */
  readonly world: string;
  readonly prompt: PromptForm;
  readonly maxTokens: number;
  /** Folder of the judge. Without a judge, localizability is not measured. */
  readonly judge?: string | undefined;
  /** Number of photos, drawn in the same way as for the tables. The default is all photos. */
  readonly limit?: number;
  /** How to sample the main answers. By default, they are greedy. */
  readonly answers?: { readonly temperature: number; readonly seed: number };
  /** GeoNames ids of the cities that the curated sets do not show. */
  readonly untunedCities?: ReadonlySet<number> | undefined;
  /** If set, additionally samples one answer per photo and seed. */
  readonly draws?: { readonly temperature: number; readonly seeds: readonly number[] };
  readonly resources: Resources;
};

/** Returns the folder of the answers that were sampled with a seed. */
export const drawFolder = (answers: string, seed: number): string => join(answers, `draw-${seed}`);

/** Returns the photos that the tables would use if they were limited to `limit` photos. */
function limited(photos: readonly TestPhoto[], limit: number): TestPhoto[] {
  const owned = photos.map((photo) => ({ photo, owner: photo.example.owner ?? photo.example.id }));
  return tablePhotos(owned, limit).map(({ photo }) => photo);
}

export function makeEvaluation(options: EvaluationUnitOptions): Unit {
  const { name, needs, settings, arm, model, world, prompt, maxTokens, answers, untunedCities, resources } = options;
  const { temperature, seeds } = options.draws ?? { temperature: 0, seeds: [] };
  return {
    name,
    kind: 'evaluation',
    needs,
    settings,
    make: async ({ run, signal, onProgress }) => {
      const { gazetteer, grounder } = resources;
      const all = await resources.testPhotos(world, signal);
      const photos = options.limit === undefined ? all : limited(all, options.limit);
      const inputs = { arm, photos, world, prompt, maxTokens, gazetteer, grounder, signal };
      const common = { ...inputs, ...defined({ model, untunedCities }) };
      const progressOf =
        (round: number): MakeOptions['onProgress'] =>
        (done, total, words) =>
          words?.pass === undefined
            ? onProgress(round * total + done, (1 + seeds.length) * total, words)
            : onProgress(done, total, words);
      const judge = options.judge === undefined ? undefined : await resources.judge(options.judge);
      const main = { ...common, ...defined({ judge, draw: answers }), folder: run.path, onProgress: progressOf(0) };
      const facts = await evaluateArm(main);
      for (const [i, seed] of seeds.entries()) {
        const folder = drawFolder(run.path, seed);
        await mkdir(folder, { recursive: true });
        await evaluateArm({ ...common, draw: { temperature, seed }, folder, onProgress: progressOf(i + 1) });
      }
      return facts;
    },
  };
}
