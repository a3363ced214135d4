/** Describes how the main job's numbers were measured, line by line, for its page. */
import type { Machine } from '../../storage/provenance.ts';
import type { Fact } from '../report/content.ts';
import type { UnitRecord } from '../../storage/units.ts';
import { DRAWS, START_UNITS, type StartPlan } from './start-units.ts';

export type ProtocolFacts = {
  readonly records: ReadonlyMap<string, UnitRecord>;
  readonly n: number;
  readonly provenance: { readonly version: string; readonly commit?: string; readonly machine: Machine };
};

const TITLES: Readonly<Record<string, string>> = {
  [START_UNITS.world]: 'drawing the world',
  [START_UNITS.before]: 'answers before',
  [START_UNITS.curated]: 'curation',
  [START_UNITS.training]: 'training',
  [START_UNITS.after]: 'answers after',
};

export function startProtocol({ recipe, curation, base, world }: StartPlan, facts: ProtocolFacts): Fact[] {
  const { records, n, provenance } = facts;
  const worldFacts = records.get(START_UNITS.world)!.manifest as { counts: Record<string, number>; digest: string };
  const { statistics } = records.get(START_UNITS.curated)!.manifest as { statistics: { samples: number } };
  const { counts, digest } = worldFacts;
  const { weights } = recipe.reward;
  const times = [...records.values()].map(({ unit, seconds }) => `${TITLES[unit.name]} ${Math.round(seconds)} s`);
  return [
    {
      label: 'World',
      text: `generated, seed ${world.seed}: ${world.scenes} scenes of ${counts['cities']} cities in ${counts['countries']} countries; ${counts['train']} for training, ${counts['test']} held out; digest ${digest.slice(0, 12)}`,
    },
    {
      label: 'Photos measured',
      text: `${n} of the ${counts['test']} held-out photos: those that show something of their country`,
    },
    {
      label: 'Curated set',
      text: `${statistics.samples} of ${counts['train']} photos, mode ${curation.mode}: the annotators agree with each other, with the photo's place and with its elements`,
    },
    { label: 'Base', text: `${base}, a model of this package, pretrained on captions with errors` },
    {
      label: 'Training',
      text: `GRPO (preset ${recipe.preset}), seed ${recipe.seed}, ${recipe.batchSize} photos per step with ${recipe.groupSize} answers each at temperature ${recipe.temperature}, learning rate ${recipe.learningRate} (${recipe.schedule}), at most ${recipe.maxCompletionTokens} tokens`,
    },
    {
      label: 'Reward',
      text:
        typeof weights === 'string'
          ? weights
          : Object.entries(weights)
              .map(([name, weight]) => `${weight} × ${name}`)
              .join(' + '),
    },
    {
      label: 'Answers',
      text: 'one per photo, greedy; the offline gazetteer locates the place in the answer, and its distance to the photo is great-circle (R = 6371.0088 km); an answer without a position is a miss',
    },
    {
      label: 'Sampled answers',
      text: `${DRAWS.length} per photo at temperature ${recipe.temperature}, as in training; measured in the same way, with an interval that resamples owners and samples`,
    },
    {
      label: 'Intervals',
      text: "95 %, by resampling the owners of the photos; differences on the same photos, p from the same resampling with Holm's correction",
    },
    { label: 'Times', text: times.join(', ') },
    {
      label: 'Made with',
      text: `globe ${provenance.version}${provenance.commit === undefined ? '' : `, commit ${provenance.commit}`}; Node ${provenance.machine.node}; ${provenance.machine.cores} cores, ${provenance.machine.cpu}, ${provenance.machine.memoryGiB} GiB`,
    },
  ];
}
