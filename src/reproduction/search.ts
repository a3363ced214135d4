/**
 * The hyper-parameter search. It trains each variant of the plan with one seed, for each backbone, and measures it on
 * validation photos. These photos are separate from the test photos of the tables.
 */
import { defined } from '../core/defined.ts';
import { THRESHOLDS_KM } from '../evaluation/thresholds.ts';
import { type Backbone, BACKBONES } from './arms.ts';
import { measuresOf, readPredictions } from './measures.ts';
import type { Plan } from './plan-schema.ts';
import { searchProtocol } from './protocol.ts';
import { SEARCHED } from './recipes.ts';
import type { Measures, SearchResult, SearchRow } from './results.ts';
import { type Finished, geocodedFacts, resultFacts } from './result-facts.ts';
import { inOrder, type Unit } from '../storage/units.ts';
import type { UnitFactory } from './units/create-units.ts';

/** Returns all units of the search. A unit comes after the units whose results it uses. */
export function unitsOfSearch(plan: Plan, units: UnitFactory): Unit[] {
  const variants = [
    ...searchedBackbones(plan).map((backbone) => units.validation(backbone)),
    ...SEARCHED.flatMap((arm) => plan.search[arm.kind][arm.backbone].flatMap((_, i) => units.variant(arm, i))),
  ];
  const shared = [
    units.world('pretraining'),
    units.world('pool'),
    units.curated('full'),
    ...units.judge(),
    ...searchedBackbones(plan).flatMap((backbone) => {
      const bases = units.base(backbone);
      return bases.length > 0 ? [...units.tower(backbone), ...bases] : [];
    }),
  ];
  return inOrder([...shared, ...variants]);
}

/** Returns the backbones for which the plan lists variants. */
const searchedBackbones = ({ search }: Plan): Backbone[] =>
  BACKBONES.filter((backbone) => search.sft[backbone].length > 0 || search.grpo[backbone].length > 0);

export async function buildSearch(options: Finished): Promise<SearchResult> {
  const { plan, units, records } = options;
  const rest = unitsOfSearch(plan, units);
  const rows: SearchRow[] = [];
  for (const backbone of searchedBackbones(plan)) {
    const { name } = units.validation(backbone);
    rows.push({ method: 'base', backbone, settings: {}, measures: await measuresIn(name, options), chosen: false });
    for (const arm of SEARCHED.filter((one) => one.backbone === backbone)) {
      const variants: SearchRow[] = [];
      for (const [i, settings] of plan.search[arm.kind][backbone].entries()) {
        const [training, evaluation] = units.variant(arm, i);
        const { seconds, manifest } = records.get(training.name)!;
        const { stopped } = manifest as { stopped?: string };
        variants.push({
          method: arm.kind,
          backbone,
          settings,
          measures: await measuresIn(evaluation.name, options),
          trainingSeconds: seconds,
          ...defined({ stopped }),
          chosen: false,
        });
      }
      const best = bestOf(variants);
      rows.push(...variants.map((row) => (row === best ? { ...row, chosen: true } : row)));
    }
  }
  return {
    kind: 'search',
    title: 'Search over hyper-parameters',
    ...resultFacts(rest, options),
    protocol: searchProtocol(plan, geocodedFacts(rest, options)),
    rows,
  };
}

async function measuresIn(unit: string, { plan, root }: Finished): Promise<Measures> {
  const predictions = [await readPredictions(`${root}/${unit}`)];
  return measuresOf(predictions, { benchmark: 'localizable', name: unit, statistics: plan.statistics });
}

const CITY_KM = 25;

export const atCityLevel = ({ accuracy }: Measures): Measures['accuracy'][number] =>
  accuracy[THRESHOLDS_KM.findIndex((km) => km === CITY_KM)]!;

/**
 * Returns the variant that places the most photos within 25 km. If several variants are equally good, the first in the
 * plan wins.
 */
function bestOf(rows: readonly SearchRow[]): SearchRow | undefined {
  return rows.toSorted((a, b) => atCityLevel(b.measures).value - atCityLevel(a.measures).value)[0];
}
