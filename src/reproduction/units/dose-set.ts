/** The unit that makes a set with a dose of errors from the curated set. */
import type { Unit } from '../../storage/units.ts';
import { type DoseSet, DOSES } from '../arms.ts';
import { makeDoseSet } from '../dose-set.ts';
import type { PlanContext } from './context.ts';
import { CURATION_PART, curatedUnit } from './names.ts';

export function makeDose(set: DoseSet, { plan, inputs }: PlanContext): Unit {
  const { images, imageSeed } = plan.curation;
  const settings = { images, imageSeed, dose: DOSES[set] };
  const source = inputs.curated('full');
  return {
    name: curatedUnit(set),
    kind: 'curation',
    needs: [curatedUnit('full')],
    settings,
    make: ({ run, signal }) => makeDoseSet({ source, ...settings, folder: run.file(CURATION_PART), signal }),
  };
}
