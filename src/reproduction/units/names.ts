/** Names of units and of their folders, and of the subfolders with the units' results. */
import { type Arm, armName, type Backbone, type CuratedSet, type PolicyArm, type TrainedArm } from '../arms.ts';

/**
 * A part of every unit's fingerprint, including those of the main job. If it changed, existing runs could not resume.
 */
export const UNITS_COMMAND = 'reproduce';

export const WORLD_UNITS = { pretraining: 'world-pretraining', pool: 'world-pool', test: 'world-test' } as const;
export const JUDGE_UNIT = 'judge';
export const gatesUnit = (backbone: Backbone): string => `gates-${backbone}`;
export const WORLD_PART = 'world';
export const CURATION_PART = 'curation';

export const towerUnit = (backbone: Backbone): string => `tower-${backbone}`;
export const baseUnit = (backbone: Backbone): string => `base-${backbone}`;
export const curatedUnit = (set: CuratedSet): string => `curated-${set}`;
export const trainingUnit = (arm: TrainedArm, seed: number): string => `${armName(arm)}-seed-${seed}`;
/**
 * Returns the name of a search variant's unit. `number` is the variant's index in the plan, which starts at 0. The
 * number in the name starts at 1.
 */
export const variantUnit = (arm: PolicyArm, number: number): string =>
  `search-${arm.kind}-${arm.backbone}-${number + 1}`;
export const validationUnit = (backbone: Backbone): string => `search-${baseUnit(backbone)}`;
/** Returns the name of the unit of an arm's answers to the validation photos, for the pilot. */
export const pilotUnit = (arm: Arm, seed: number | null): string => `pilot-${evaluationUnit(arm, seed)}`;
export const evaluationUnit = (arm: Arm, seed: number | null): string =>
  `evaluation-${seed === null ? armName(arm) : trainingUnit(arm as TrainedArm, seed)}`;
