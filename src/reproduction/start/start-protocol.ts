/** How the numbers of the main job came to be, line by line, for its page. */
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
      text: `generated, seed ${world.seed}: ${world.scenes} scenes of ${counts['cities']} cities in ${counts['countries']} countries; ${counts['train']} to learn from, ${counts['test']} held out; digest ${digest.slice(0, 12)}`,
    },
    {
      label: 'Photos measured',
      text: `${n} of the ${counts['test']} held out: those that show something of their country`,
    },
    {
      label: 'Curated set',
      text: `${statistics.samples} of ${counts['train']} photos, mode ${curation.mode}: the annotators agree with each other, with the photo's place and with what it shows`,
    },
    { label: 'Base', text: `${base}, a model of this package; it learnt from annotators that err` },
    {
      label: 'Training',
      text: `GRPO (preset ${recipe.preset}), seed ${recipe.seed}, ${recipe.batchSize} photos a step with ${recipe.groupSize} answers each at temperature ${recipe.temperature}, learning rate ${recipe.learningRate} (${recipe.schedule}), at most ${recipe.maxCompletionTokens} tokens`,
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
      text: 'one per photo, greedy; the place that is named is looked up in the offline gazetteer, and its distance to the photo is great-circle (R = 6371.0088 km); what has no position is a miss',
    },
    {
      label: 'Answers drawn',
      text: `${DRAWS.length} per photo at temperature ${recipe.temperature}, as training draws them; measured alike, their interval resamples owners and draws`,
    },
    {
      label: 'Intervals',
      text: "95 %, by resampling the owners of the photos; differences on the same photos, p by McNemar's exact test with Holm's correction",
    },
    { label: 'Times', text: times.join(', ') },
    {
      label: 'Made with',
      text: `globe ${provenance.version}${provenance.commit === undefined ? '' : `, commit ${provenance.commit}`}; Node ${provenance.machine.node}; ${provenance.machine.cores} cores, ${provenance.machine.cpu}, ${provenance.machine.memoryGiB} GiB`,
    },
  ];
}
