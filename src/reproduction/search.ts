/**
 * The search over hyper-parameters: each variant of the plan trained with one seed, for each backbone, and measured on the
 * validation photos, which are the test split of the curation world; the tables' own photos have no part in it.
 */
import { defined } from '../core/defined.ts';
import { THRESHOLDS_KM } from '../evaluation/thresholds.ts';
import { BACKBONES } from './arms.ts';
import { measuresOf, readPredictions } from './measures.ts';
import type { Plan } from './plan-schema.ts';
import { searchProtocol } from './protocol.ts';
import { SEARCHED } from './recipes.ts';
import type { Measures, SearchResult, SearchRow } from './results.ts';
import { type Finished, geocodedFacts, resultFacts } from './result-facts.ts';
import { inOrder, type Unit } from '../storage/units.ts';
import type { UnitFactory } from './units/create-units.ts';
import { WORLD_UNITS } from './units/names.ts';

/** All that the search rests on, in an order in which it can be made. */
export function unitsOfSearch(plan: Plan, units: UnitFactory): Unit[] {
  const tried = [
    ...BACKBONES.map((backbone) => units.validation(backbone)),
    ...SEARCHED.flatMap((arm) => plan.search[arm.kind][arm.backbone].flatMap((_, i) => units.variant(arm, i))),
  ];
  const shared = [
    units.world('curation'),
    units.curated('full'),
    ...units.judge(),
    ...BACKBONES.flatMap((backbone) => {
      const made = units.base(backbone);
      return made.length > 0 ? [...units.tower(backbone), ...made] : [];
    }),
  ];
  const needsBaseWorld = [...shared, ...tried].some(({ needs }) => needs.includes(WORLD_UNITS.base));
  return inOrder([...(needsBaseWorld ? [units.world('base')] : []), ...shared, ...tried]);
}

export async function buildSearch(options: Finished): Promise<SearchResult> {
  const { plan, units, records } = options;
  const rest = unitsOfSearch(plan, units);
  const rows: SearchRow[] = [];
  for (const backbone of BACKBONES) {
    const { name } = units.validation(backbone);
    rows.push({ method: 'base', backbone, settings: {}, measures: await measuresIn(name, options), chosen: false });
    for (const arm of SEARCHED.filter((one) => one.backbone === backbone)) {
      const tried: SearchRow[] = [];
      for (const [i, settings] of plan.search[arm.kind][backbone].entries()) {
        const [training, evaluation] = units.variant(arm, i);
        const { seconds, manifest } = records.get(training.name)!;
        const { stopped } = manifest as { stopped?: string };
        tried.push({
          method: arm.kind,
          backbone,
          settings,
          measures: await measuresIn(evaluation.name, options),
          trainingSeconds: seconds,
          ...defined({ stopped }),
          chosen: false,
        });
      }
      const best = bestOf(tried);
      rows.push(...tried.map((row) => (row === best ? { ...row, chosen: true } : row)));
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

/** The most photos within 25 km; of equals the one that the plan names first. */
function bestOf(rows: readonly SearchRow[]): SearchRow | undefined {
  return rows.toSorted((a, b) => atCityLevel(b.measures).value - atCityLevel(a.measures).value)[0];
}
