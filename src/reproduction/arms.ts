/**
 * The arms of the comparison are the compared models and methods. They have stable names and are the rows of the
 * paper's Tables 2 to 5.
 */
import { defined } from '../core/defined.ts';
import type { Mode } from '../curation/recipe/recipe.ts';

export const BACKBONES = ['vit', 'mixer'] as const;
export type Backbone = (typeof BACKBONES)[number];

/** The paper's names of the task rewards: localizability, visual grounding consistency, geo-localization accuracy. */
export const REWARDS = ['loc', 'vgc', 'ga'] as const;
export type RewardName = (typeof REWARDS)[number];

export const FAMILIES = ['geocell', 'retriever'] as const;
export type Family = (typeof FAMILIES)[number];
/** The backbone whose image encoder initializes the families and the judge. */
export const FAMILY_BACKBONE: Backbone = 'vit';

/**
 * For each error set, the share of its reasonings that name a wrong place. The photos of error sets are not curated.
 */
export const ERROR_SHARES = { 'errors-0': 0, 'errors-50': 0.5 } as const;
export type ErrorSet = keyof typeof ERROR_SHARES;
export const isErrorSet = (set: CuratedSet): set is ErrorSet => set in ERROR_SHARES;

export type CuratedSet = Mode | ErrorSet;

export type Arm =
  | { readonly kind: 'base'; readonly backbone: Backbone; readonly reasoning: boolean }
  | { readonly kind: 'sft'; readonly backbone: Backbone; readonly set: CuratedSet; readonly images?: number }
  | {
      readonly kind: 'grpo';
      readonly backbone: Backbone;
      readonly set: CuratedSet;
      readonly rewards: readonly RewardName[];
      /** Number of training images; if absent, the number in the plan. */
      readonly images?: number;
    }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'annotator'; readonly profile: 'careful' | 'bold' }
  | { readonly kind: 'gps' };

export type TrainedArm = Extract<Arm, { kind: 'sft' | 'grpo' | 'family' }>;

/** Arms that train a language model. */
export type PolicyArm = Extract<Arm, { kind: 'sft' | 'grpo' }>;

/** True for arms that are trained once per seed. */
export const isTrained = (arm: Arm): arm is TrainedArm =>
  arm.kind === 'sft' || arm.kind === 'grpo' || arm.kind === 'family';

/** Name of the arm in run folders and results. */
export function armName(arm: Arm): string {
  switch (arm.kind) {
    case 'base':
      return `base-${arm.backbone}${arm.reasoning ? '' : '-direct'}`;
    case 'sft':
      return `sft-${arm.backbone}-${arm.set}${imagesName(arm)}`;
    case 'grpo':
      return `grpo-${arm.backbone}-${arm.set}-${arm.rewards.join('-')}${imagesName(arm)}`;
    case 'family':
      return arm.family;
    case 'annotator':
      return `annotator-${arm.profile}`;
    case 'gps':
      return 'annotator-gps';
  }
}

const FAMILY_LABELS: Readonly<Record<Family, string>> = {
  geocell: 'Geocell classifier',
  retriever: 'Image-to-GPS retriever',
};

const ANNOTATOR_LABELS = { careful: 'Annotator, careful (simulated)', bold: 'Annotator, bold (simulated)' } as const;

/** Readable label of the arm. */
export function armLabel(arm: Arm): string {
  switch (arm.kind) {
    case 'base':
      return `Base (${arm.backbone})${arm.reasoning ? '' : ', without reasoning'}`;
    case 'sft':
      return `SFT (${arm.backbone})${setLabel(arm)}`;
    case 'grpo':
      return `GRPO, ${arm.rewards.join(' + ')} (${arm.backbone})${setLabel(arm)}`;
    case 'family':
      return FAMILY_LABELS[arm.family];
    case 'annotator':
      return ANNOTATOR_LABELS[arm.profile];
    case 'gps':
      return 'GPS annotator (simulated)';
  }
}

function setLabel({ set, images }: PolicyArm): string {
  const errors = isErrorSet(set) ? `, ${100 * ERROR_SHARES[set]} % of the reasonings wrong` : `, ${set} set`;
  return `${set === 'full' ? '' : errors}${images === undefined ? '' : `, ${images} images`}`;
}

const imagesName = ({ images }: PolicyArm): string => (images === undefined ? '' : `-${images}-images`);

export const base = (backbone: Backbone): Arm => ({ kind: 'base', backbone, reasoning: true });
export const direct = (backbone: Backbone): Arm => ({ kind: 'base', backbone, reasoning: false });
export const sft = (backbone: Backbone, set: CuratedSet = 'full', images?: number): PolicyArm => ({
  kind: 'sft',
  backbone,
  set,
  ...defined({ images }),
});
export const grpo = (
  backbone: Backbone,
  {
    set = 'full',
    rewards = REWARDS,
    images,
  }: { readonly set?: CuratedSet; readonly rewards?: readonly RewardName[]; readonly images?: number } = {},
): PolicyArm => ({ kind: 'grpo', backbone, set, rewards, ...defined({ images }) });
