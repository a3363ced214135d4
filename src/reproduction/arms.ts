/**
 * The arms of the comparison: the models and methods that are compared. Arms have stable names, and are the rows of the
 * paper's Tables 2 to 5.
 */
import { defined } from '../core/defined.ts';
import type { Mode } from '../curation/recipe/recipe.ts';
import type { Dose } from './dose-set.ts';

export const BACKBONES = ['vit', 'mixer'] as const;
export type Backbone = (typeof BACKBONES)[number];

/**
 * The paper's task rewards: localizability (loc), visual grounding consistency (vgc), geo-localization accuracy (ga).
 */
export const REWARDS = ['loc', 'vgc', 'ga'] as const;
export type RewardName = (typeof REWARDS)[number];

export const FAMILIES = ['geocell', 'retriever'] as const;
export type Family = (typeof FAMILIES)[number];
/** The backbone whose image encoder initializes the judge and the families (classifier and retriever). */
export const FAMILY_BACKBONE: Backbone = 'vit';

/**
 * Training sets with a known share of errors, on the photos of the curated set. `kind` is the kind of error, `share`
 * the share of rows with it.
 */
export const DOSES = {
  'reasonings-15': { kind: 'reasonings', share: 0.15 },
  'reasonings-30': { kind: 'reasonings', share: 0.3 },
  'reasonings-45': { kind: 'reasonings', share: 0.45 },
  'places-15': { kind: 'places', share: 0.15 },
  'places-30': { kind: 'places', share: 0.3 },
} as const satisfies Readonly<Record<string, Dose>>;
export type DoseSet = keyof typeof DOSES;
export const isDoseSet = (set: CuratedSet): set is DoseSet => set in DOSES;

export type CuratedSet = Mode | DoseSet;

export type Arm =
  | { readonly kind: 'base'; readonly backbone: Backbone; readonly reasoning: boolean }
  | { readonly kind: 'sft'; readonly backbone: Backbone; readonly set: CuratedSet; readonly images?: number }
  | {
      readonly kind: 'grpo';
      readonly backbone: Backbone;
      readonly set: CuratedSet;
      readonly rewards: readonly RewardName[];
      /** Number of training images. The default is the number in the plan. */
      readonly images?: number;
    }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'annotator'; readonly profile: 'careful' | 'bold' }
  | { readonly kind: 'gps' };

export type TrainedArm = Extract<Arm, { kind: 'sft' | 'grpo' | 'family' }>;

/** Arms that train a language model. */
export type PolicyArm = Extract<Arm, { kind: 'sft' | 'grpo' }>;

/** Returns true for arms that are trained, which happens once per seed. */
export const isTrained = (arm: Arm): arm is TrainedArm =>
  arm.kind === 'sft' || arm.kind === 'grpo' || arm.kind === 'family';

/** Returns the arm's name for run folders and results. */
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

/** Returns the arm's label for readers. */
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
  const words = isDoseSet(set) ? `, ${doseWords(DOSES[set])}` : `, ${set} set`;
  return `${set === 'full' ? '' : words}${images === undefined ? '' : `, ${images} images`}`;
}

/** Describes a dose in words, such as "15 % of the reasonings wrong". */
export const doseWords = ({ kind, share }: Dose): string => `${Math.round(100 * share)} % of the ${kind} wrong`;

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
