/** The unit that trains the judge of localizability on the pretraining world. */
import { stringify } from 'yaml';
import { rewardModelInputs } from '../../miniature/adapters/training-inputs.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import type { Unit } from '../../storage/units.ts';
import { trainRewardModel } from '../../training/reward-model/train-reward-model.ts';
import { MODEL_FOLDER } from '../../training/train.ts';
import { FAMILY_BACKBONE } from '../arms.ts';
import { judgeRecipe } from '../recipes.ts';
import type { PlanContext } from './context.ts';
import { JUDGE_UNIT, WORLD_UNITS } from './names.ts';

export function makeJudge({ plan, inputs, needs, resources: { gazetteer } }: PlanContext): Unit {
  return {
    name: JUDGE_UNIT,
    kind: 'judge',
    needs: [WORLD_UNITS.pretraining, ...needs.tower(FAMILY_BACKBONE)],
    settings: { recipe: plan.judge },
    make: async ({ run, signal, onNote }) => {
      const recipe = judgeRecipe(plan, inputs)!;
      await writeFileAtomic(run.file('recipe.yaml'), stringify(recipe));
      const report = await trainRewardModel({
        ...(await rewardModelInputs(recipe, gazetteer)),
        recipe,
        out: run.file(MODEL_FOLDER),
        gazetteer,
        signal,
        onNote,
      });
      return { report };
    },
  };
}
