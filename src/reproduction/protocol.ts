/**
 * Describes the protocol of a reproduction in words, including what the intervals cover and what they do not cover.
 */
import { basename } from 'node:path';
import { EARTH_RADIUS_KM } from '../core/distance.ts';
import { LOCATE_PROMPT_VERSION } from '../prompts/locate-prompt.ts';
import { REWARDS } from './arms.ts';
import type { Plan } from './plan-schema.ts';
import type { ProtocolLine } from './results.ts';

export const CAUTION =
  'Measured on drawings of a generated world with models of one to two million weights: it shows how the methods compare there, and says nothing about real photos or the paper’s 7B models. The paper’s numbers are listed separately and are not comparable.';

export type ProtocolFacts = {
  readonly versions: Readonly<Record<string, string>>;
  /** Checkpoints that the reproduction uses but did not train. */
  readonly existing: Readonly<Record<string, { readonly folder: string; readonly sha256: string }>>;
};

/** `geocoder` comes from the units' records, because the gazetteer may have changed since a unit ran. */
export type GeocodedFacts = ProtocolFacts & { readonly geocoder: string };

/** Returns the protocol of Tables 2 to 5. */
export function protocolOf(plan: Plan, { existing, geocoder }: GeocodedFacts): ProtocolLine[] {
  const { worlds, curation, seeds, statistics, rewards, prompt, maxCompletionTokens } = plan;
  return [
    { label: 'Plan', text: plan.description },
    {
      label: 'Photos',
      text: `held-out photos of a generated world of ${whole(worlds.test.scenes)} scenes (seed ${worlds.test.seed}), with owners of their own. “localizable” excludes scenes that show nothing of their country. ${lotWords(plan)}Hyper-parameters were searched on the held-out photos of the pretraining world (seed ${worlds.pretraining.seed}), never on these.`,
    },
    {
      label: 'Ceiling',
      text: 'an ideal observer, which knows all facts of the world and overlooks no visible cue, answers with the most probable city by Bayes’ rule. No model that only reads the visible cues is expected to do better.',
    },
    {
      label: 'Bases',
      text: basesText(plan, existing),
    },
    {
      label: 'Training',
      text: `SFT and GRPO start from the same base and see the same ${curation.images} images of a curated set (or as many as the row says, with the same epochs and fewer steps), drawn once; seeds ${seeds.join(', ')}; hyper-parameters from the search on validation photos, see reproduce-miniature-search.md. The two families without text output start from the base’s image encoder and learn the true positions of the pretraining photos, as image-only methods learn from all of MP-16.`,
    },
    {
      label: 'Rewards',
      text: `${REWARDS.map((name) => `${name} ${rewards[name]}`).join(', ')} in the sets that contain them, format ${rewards.format} in every set; mode ${rewards.mode}. loc is the judge’s probability, vgc the share of named things that the photo shows, ga country and city.`,
    },
    {
      label: 'Answers',
      text: `one answer per photo at temperature ${plan.answers.temperature} (the authors evaluate at 0.1), prompt ${LOCATE_PROMPT_VERSION} (${prompt}), at most ${maxCompletionTokens} tokens; the place in the answer is geocoded by ${geocoder}. The simulated annotators answer the full prompt; methods that return a position are measured at it. Accuracy within 1 km says little for answers that name a city, because they are measured at its centre.`,
    },
    {
      label: 'Accuracy',
      text: `share of all photos within the distance (great circle, R = ${EARTH_RADIUS_KM} km); refusals, unreadable answers and unknown places are misses, and are also counted separately. Mean over seeds.`,
    },
    {
      label: 'Intervals',
      text: `95 %, percentile bootstrap of ${whole(statistics.resamples)} resamples, seeded: it resamples whole owners of photos together with training seeds (R − 1 of R, which makes their variance unbiased; three seeds still say little about it). They cover other photos of this world and other training seeds. They do not cover another pretraining of the base, another world, another draw of the ${curation.images} images, or another search over hyper-parameters.`,
    },
    {
      label: 'Tests',
      text: 'difference b − a on the same photos, from the same bootstrap, with common photos and separate seeds for both arms; two-sided p, and Holm’s correction over all tests of the table. The results also hold McNemar’s exact test for each pair of seeds.',
    },
    {
      label: 'Reasonings',
      text: 'the grounder of the visual reward finds the things that a reasoning names; those that match none of the photo’s true elements are hallucinated. The same matcher computes vgc, so part of a gain may exist only for this matcher.',
    },
    {
      label: 'Risk and coverage',
      text: 'photos are ordered by the judge’s P(yes) for photo and reasoning; risk is the share of answers farther than 25 km among the answered photos. The judge learnt from fallible annotators.',
    },
    {
      label: 'Wall time',
      text: 'the sum of the steps for trainings, elapsed time for other units. A unit can use the cores of its process; several units may have run in parallel.',
    },
  ];
}

/**
 * Describes the bases. For an existing checkpoint, only the digest of its weights is known; the model card of a shipped
 * model has more details.
 */
function basesText({ bases, towers }: Plan, existing: ProtocolFacts['existing']): string {
  const pretrained = Object.keys(bases).filter((backbone) => !(backbone in existing));
  const encoders =
    towers === undefined ? '' : 'an image encoder that learnt the elements of patches but no places, then ';
  const sentences = [
    ...(pretrained.length === 0
      ? []
      : [
          `${pretrained.join(', ')}: ${encoders}pretrained on texts about the training photos and the cities of the pretraining world, errors included`,
        ]),
    ...Object.entries(existing).map(
      ([name, { folder, sha256 }]) =>
        `${name}: the checkpoint ${basename(folder)} (weights ${sha256.slice(0, 12)}…), see its card`,
    ),
  ];
  return `${sentences.join('; ')}.`;
}

/** Describes which cities the curated sets do not show. Returns an empty text if they show all cities. */
function lotWords({ worlds: { pool } }: Plan): string {
  if (pool.unseen === undefined) return '';
  return `Pretraining shows photos of all cities, without their places; the curated sets do not show ${pool.unseen.cities} cities, drawn by lot (“untuned”). `;
}

/** Returns the protocol of the hyper-parameter search. */
export function searchProtocol(plan: Plan, facts: GeocodedFacts): ProtocolLine[] {
  const { worlds, curation, search } = plan;
  const shared = new Set(['Plan', 'Bases', 'Answers', 'Accuracy']);
  return [
    ...protocolOf(plan, facts).filter(({ label }) => shared.has(label)),
    {
      label: 'Validation',
      text: `the localizable held-out photos of the pretraining world (${whole(worlds.pretraining.scenes)} scenes, seed ${worlds.pretraining.seed}): their owners are not in the training split, and none of the photos is in the tables.`,
    },
    {
      label: 'Training',
      text: `every variant on the same ${curation.images} images of the multi-source set with seed ${search.seed}; GRPO with all three rewards. The variant with the most photos within 25 km wins, separately for each method and backbone; the first one wins a tie.`,
    },
    {
      label: 'Intervals',
      text: `95 %, percentile bootstrap over owners of photos, ${whole(plan.statistics.resamples)} resamples, seeded. With one training seed, differences between neighbours are mostly chance, and the best of several variants looks better than it is.`,
    },
  ];
}

/** Returns the protocol of Table 1. */
export function statisticsProtocol(plan: Plan, { geocoder }: GeocodedFacts): ProtocolLine[] {
  const { worlds, curation } = plan;
  return [
    { label: 'Plan', text: plan.description },
    {
      label: 'Sets',
      text: `the training photos of a generated world of ${whole(worlds.pool.scenes)} scenes (seed ${worlds.pool.seed}), curated in the three modes with simulated annotators. These are the whole sets; Tables 2 to 5 train on ${curation.images} images of each, drawn once.`,
    },
    {
      label: 'Columns',
      text: `as in the paper’s Table 1; a city counts together with its country; scenes are the settings of the world; places come from ${geocoder}.`,
    },
    {
      label: 'Errors',
      text: 'share of the kept reasonings that name a wrong place, or a thing that is not in the photo, by the truth of the world, which no gate sees.',
    },
  ];
}

const whole = (value: number): string => value.toLocaleString('en-US');
