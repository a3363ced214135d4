/** The unit that trains a tower, a base, a family or a policy by its recipe. */
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { defined } from '../../core/defined.ts';
import { trainingInputs } from '../../miniature/adapters/training-inputs.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import type { Unit } from '../../storage/units.ts';
import { describeEvaluation, describeStep } from '../../training/describe-step.ts';
import type { TrainRecipe } from '../../training/recipe.ts';
import { train } from '../../training/train.ts';
import { TRAINING_FILES } from '../../training/training-loop.ts';
import type { Resources } from '../resources.ts';

export type TrainingUnitOptions = Pick<Unit, 'name' | 'kind' | 'needs' | 'settings'> & {
  /**
   * Makes the recipe. It is called only when the unit runs, because the files that the recipe refers to do not exist
   * earlier.
   */
  readonly recipe: () => TrainRecipe | Promise<TrainRecipe>;
  /** Folder of the judge, if the recipe rewards localizability. */
  readonly judge?: string | undefined;
  readonly resources: Resources;
};

export function makeTraining({ recipe: recipeOf, judge: folder, resources, ...unit }: TrainingUnitOptions): Unit {
  return {
    ...unit,
    make: async ({ run, signal, onProgress, onNote }) => {
      const recipe = await recipeOf();
      await writeFileAtomic(run.file('recipe.yaml'), stringify(recipe));
      const judge = folder === undefined ? undefined : await resources.judge(folder);
      const { resumedAt: _, ...facts } = await train({
        ...(await trainingInputs(recipe)),
        recipe,
        run,
        gazetteer: resources.gazetteer,
        grounder: resources.grounder,
        ...defined({ judge }),
        signal,
        now: resources.now,
        onNote,
        onStep: (step, steps, result) => onProgress(step + 1, steps, { detail: describeStep(result) }),
        onEvaluation: (step, evaluation) => onNote(`held-out, after ${step} steps: ${describeEvaluation(evaluation)}`),
      });
      return { ...facts, seconds: await stepSeconds(run.file(TRAINING_FILES.times)) };
    },
  };
}

/**
 * Returns the total time of all training steps, including steps before an interruption. Loading and saving are not
 * included.
 */
async function stepSeconds(path: string): Promise<number> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  const milliseconds = lines.flatMap((line) => {
    const { step: _, ...times } = JSON.parse(line) as Record<string, number>;
    return Object.values(times);
  });
  return milliseconds.reduce((sum, time) => sum + time, 0) / 1000;
}
