/**
 * The arms of the comparison are the compared models and methods. They have stable names and are the rows of the
 * paper's Tables 2 to 5.
 */
import { defined } from '../core/defined.ts';
import type { Mode } from '../curation/recipe/recipe.ts';
import type { Dose } from './dose-set.ts';

export const BACKBONES = ['vit', 'mixer'] as const;
export type Backbone = (typeof BACKBONES)[number];

/** The paper's names of the task rewards: localizability, visual grounding consistency, geo-localization accuracy. */
export const REWARDS = ['loc', 'vgc', 'ga'] as const;
export type RewardName = (typeof REWARDS)[number];

export const FAMILIES = ['geocell', 'retriever'] as const;
export type Family = (typeof FAMILIES)[number];
/** The backbone whose image encoder initializes the families and the judge. */
export const FAMILY_BACKBONE: Backbone = 'vit';

/** Sets with a dose of errors on the photos of the curated set: the kind of the errors, and their share. */
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
  const words = isDoseSet(set) ? `, ${doseWords(DOSES[set])}` : `, ${set} set`;
  return `${set === 'full' ? '' : words}${images === undefined ? '' : `, ${images} images`}`;
}

/** "15 % of the reasonings wrong". */
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
