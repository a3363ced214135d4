/** What the units of a plan share: the paths of their inputs, and the units that make these inputs. */
import { join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { MODEL_FOLDER } from '../../training/train.ts';
import { type Arm, type Backbone, isTrained } from '../arms.ts';
import type { Plan } from '../plan-schema.ts';
import type { Inputs } from '../recipes.ts';
import type { Resources } from '../resources.ts';
import {
  baseUnit,
  CURATION_PART,
  curatedUnit,
  JUDGE_UNIT,
  towerUnit,
  trainingUnit,
  WORLD_PART,
  WORLD_UNITS,
} from './names.ts';
import { weightsDigest } from './weights-digest.ts';

export type UnitsOptions = {
  readonly plan: Plan;
  readonly root: string;
  /** Checkpoint folders that replace bases of the plan. */
  readonly bases: Partial<Readonly<Record<Backbone, string>>>;
  readonly resources: Resources;
};

export type PlanContext = Pick<UnitsOptions, 'plan' | 'resources'> & {
  /** Existing weights that the reproduction uses but did not train, by the name of the unit that they replace. */
  readonly existing: Readonly<Record<string, { readonly folder: string; readonly sha256: string }>>;
  /** Paths of the units' inputs. */
  readonly inputs: Inputs;
  /**
   * Names of the same inputs. Fingerprints contain names instead of paths, so that they do not depend on where a file
   * is.
   */
  readonly inputNames: Inputs;
  /** Folder of the judge. */
  readonly judge: string;
  /** Names of the units that make an input. Empty if the input already exists or if the plan does not use it. */
  readonly needs: {
    base(backbone: Backbone): readonly string[];
    tower(backbone: Backbone): readonly string[];
    readonly judge: readonly string[];
  };
  /** Returns the folder of the model that a training unit writes. */
  readonly modelIn: (unit: string) => string;
};

/** Creates the context. Throws `invalid-input` if a checkpoint or judge of the plan does not exist. */
export async function contextOf({ plan, root, bases, resources }: UnitsOptions): Promise<PlanContext> {
  const judgeFolder = typeof plan.judge === 'string' ? plan.judge.slice('nano:'.length) : undefined;
  const planned = Object.entries(plan.bases).filter(([, base]) => typeof base === 'string');
  const checkpoints = { ...(Object.fromEntries(planned) as UnitsOptions['bases']), ...bases };
  const folders = { ...checkpoints, ...defined({ [JUDGE_UNIT]: judgeFolder }) };
  const digests = Object.entries(folders).map(
    async ([name, folder]) => [name, { folder, sha256: await weightsDigest(folder) }] as const,
  );
  const existing: PlanContext['existing'] = Object.fromEntries(await Promise.all(digests));
  const modelIn = (unit: string): string => join(root, unit, MODEL_FOLDER);
  const judge = judgeFolder ?? modelIn(JUDGE_UNIT);
  return {
    plan,
    resources,
    existing,
    judge,
    modelIn,
    inputs: {
      pretrainingWorld: join(root, WORLD_UNITS.pretraining, WORLD_PART),
      poolWorld: join(root, WORLD_UNITS.pool, WORLD_PART),
      testWorld: join(root, WORLD_UNITS.test, WORLD_PART),
      tower: (backbone) => modelIn(towerUnit(backbone)),
      base: (backbone) => checkpoints[backbone] ?? modelIn(baseUnit(backbone)),
      curated: (set) => join(root, curatedUnit(set), CURATION_PART),
      judge: `nano:${judge}`,
    },
    inputNames: {
      pretrainingWorld: WORLD_UNITS.pretraining,
      poolWorld: WORLD_UNITS.pool,
      testWorld: WORLD_UNITS.test,
      tower: towerUnit,
      base: (backbone) => existing[backbone]?.sha256 ?? baseUnit(backbone),
      curated: curatedUnit,
      judge: existing[JUDGE_UNIT]?.sha256 ?? JUDGE_UNIT,
    },
    needs: {
      base: (backbone) => (existing[backbone] === undefined ? [baseUnit(backbone)] : []),
      tower: (backbone) => (plan.towers === undefined ? [] : [towerUnit(backbone)]),
      judge: existing[JUDGE_UNIT] === undefined ? [JUDGE_UNIT] : [],
    },
  };
}

/** Returns the folder of an arm's model, or undefined for an arm without a model. */
export function modelOf(arm: Arm, seed: number | null, { inputs, modelIn }: PlanContext): string | undefined {
  if (isTrained(arm)) return modelIn(trainingUnit(arm, seed!));
  return arm.kind === 'base' ? inputs.base(arm.backbone) : undefined;
}
