/** How the numbers of a reproduction came to be, in words: what the intervals cover, and what they do not. */
import { basename } from 'node:path';
import { EARTH_RADIUS_KM } from '../core/distance.ts';
import { LOCATE_PROMPT_VERSION } from '../prompts/locate-prompt.ts';
import { REWARDS } from './arms.ts';
import type { Plan } from './plan-schema.ts';
import type { ProtocolLine } from './results.ts';

export const CAUTION =
  'Measured on drawings of a generated world with models of one to two million weights: it shows how the methods compare there, and says nothing of real photos or of the 7B models of the paper. The paper’s numbers stand apart and are not comparable.';

export type ProtocolFacts = {
  readonly versions: Readonly<Record<string, string>>;
  /** Checkpoints that were given instead of made. */
  readonly given: Readonly<Record<string, { readonly folder: string; readonly sha256: string }>>;
};

/** `geocoder` by the units' own records: they may have been made with another gazetteer than today's. */
export type GeocodedFacts = ProtocolFacts & { readonly geocoder: string };

/** Of Tables 2 to 5. */
export function protocolOf(plan: Plan, { given, geocoder }: GeocodedFacts): ProtocolLine[] {
  const { worlds, curation, seeds, statistics, rewards, prompt, maxCompletionTokens } = plan;
  return [
    { label: 'Plan', text: plan.description },
    {
      label: 'Photos',
      text: `test split of a generated world of ${whole(worlds.base.scenes)} scenes (seed ${worlds.base.seed}): its own owners and cities that training never sees among them. “localizable” leaves out the scenes that show nothing of their country. Hyper-parameters were searched on another world (seed ${worlds.curation.seed}), never on these photos.`,
    },
    {
      label: 'Bases',
      text: basesText(plan, given),
    },
    {
      label: 'Training',
      text: `SFT and GRPO start from the same base and see the same ${curation.images} images of a curated set (or as many as the row says: then epochs stay, and steps are fewer), drawn once; seeds ${seeds.join(', ')}; hyper-parameters from the search on validation photos, see reproduce-miniature-search.md. The two families that do not write begin with the base’s image encoder and learn from the true positions of all training photos of the test world, as image-only methods learn from all of MP-16.`,
    },
    {
      label: 'Rewards',
      text: `${REWARDS.map((name) => `${name} ${rewards[name]}`).join(', ')} where a set names them, format ${rewards.format} in every set; mode ${rewards.mode}. loc is the judge’s probability, vgc the share of named things that are shown, ga country and city.`,
    },
    {
      label: 'Answers',
      text: `one greedy answer a photo, prompt ${LOCATE_PROMPT_VERSION} (${prompt}), at most ${maxCompletionTokens} tokens; the named place geocoded by ${geocoder}. The simulated annotators answer the full prompt; methods that give a position are measured at it. 1 km from the centre of a city says little where places are named.`,
    },
    {
      label: 'Accuracy',
      text: `share of all photos within the distance (great circle, R = ${EARTH_RADIUS_KM} km); refusals, answers that cannot be read and unknown places are misses, counted apart. Mean over seeds.`,
    },
    {
      label: 'Intervals',
      text: `95 %, percentile bootstrap of ${whole(statistics.resamples)} resamples, seeded: whole owners of photos are drawn, and training seeds with them (R − 1 of R, which makes their variance unbiased; three seeds still say little of it). They cover other photos of this world and other training seeds. They do not cover another pretraining of the base, another world, another draw of the ${curation.images} images, or another search over hyper-parameters.`,
    },
    {
      label: 'Tests',
      text: 'difference b − a on the same photos, from the same bootstrap with photos drawn alike for both and seeds for each apart; two-sided p, and Holm’s correction over all tests of the table. McNemar’s exact test stands beside each pair of seeds.',
    },
    {
      label: 'Reasonings',
      text: 'things that a reasoning names by the grounder of the visual reward; hallucinated are those that match none of the photo’s true elements. The same matcher rewards vgc, so that part of a gain may be a gain in its eyes alone.',
    },
    {
      label: 'Risk and coverage',
      text: 'photos ordered by the judge’s P(yes) for photo and reasoning; risk is the share farther than 25 km among those answered. The judge learnt from fallible annotators.',
    },
    {
      label: 'Wall time',
      text: 'of trainings the sum of their steps; of other units by the clock. A unit has the cores that its process was given; several may have been made side by side.',
    },
  ];
}

/** Of what was given no more is known than its weights; how the shipped models were made, their cards say. */
function basesText({ bases, towers }: Plan, given: ProtocolFacts['given']): string {
  const made = Object.keys(bases).filter((backbone) => !(backbone in given));
  const encoders =
    towers === undefined ? '' : 'an image encoder that learnt what each patch of a drawing shows and no place, then ';
  const sentences = [
    ...(made.length === 0
      ? []
      : [
          `${made.join(', ')}: ${encoders}pretrained on what fallible annotators say of the tested world’s training split`,
        ]),
    ...Object.entries(given).map(
      ([name, { folder, sha256 }]) =>
        `${name}: the checkpoint ${basename(folder)} (weights ${sha256.slice(0, 12)}…), see its card`,
    ),
  ];
  return `${sentences.join('; ')}.`;
}

/** Of the search over hyper-parameters. */
export function searchProtocol(plan: Plan, facts: GeocodedFacts): ProtocolLine[] {
  const { worlds, curation, search } = plan;
  const shared = new Set(['Plan', 'Bases', 'Answers', 'Accuracy']);
  return [
    ...protocolOf(plan, facts).filter(({ label }) => shared.has(label)),
    {
      label: 'Validation',
      text: `the localizable photos of the test split of the curation world (${whole(worlds.curation.scenes)} scenes, seed ${worlds.curation.seed}): other owners than the training photos', none of the photos of the tables.`,
    },
    {
      label: 'Training',
      text: `every variant on the same ${curation.images} images of the multi-source set with seed ${search.seed}; GRPO with all three rewards. The variant with the most photos within 25 km is taken, for each method and backbone apart; of equals the first.`,
    },
    {
      label: 'Intervals',
      text: `95 %, percentile bootstrap over owners of photos, ${whole(plan.statistics.resamples)} resamples, seeded. One training seed: differences between neighbours are mostly chance, and the best of several is flattered by it.`,
    },
  ];
}

/** Of Table 1. */
export function statisticsProtocol(plan: Plan, { geocoder }: GeocodedFacts): ProtocolLine[] {
  const { worlds, curation } = plan;
  return [
    { label: 'Plan', text: plan.description },
    {
      label: 'Sets',
      text: `the training photos of a generated world of ${whole(worlds.curation.scenes)} scenes (seed ${worlds.curation.seed}), through the three modes of the curation with simulated annotators, whole: what Tables 2 to 5 train on are ${curation.images} images of each, drawn once.`,
    },
    {
      label: 'Columns',
      text: `as in the paper’s Table 1; a city is counted with its country; scenes are the world’s own settings; places by ${geocoder}.`,
    },
    {
      label: 'Errors',
      text: 'share of the kept reasonings that name a place that is not the photo’s, or a thing that is not in it, by the world’s own truth, which no gate sees.',
    },
  ];
}

const whole = (value: number): string => value.toLocaleString('en-US');
