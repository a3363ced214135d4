/** Draws a set with a chosen share of wrong reasonings from the uncurated set. */
import type { Unit } from '../../storage/units.ts';
import { ERROR_SHARES, type ErrorSet } from '../arms.ts';
import { makeErrorSet } from '../error-set.ts';
import type { PlanContext } from './context.ts';
import { CURATION_PART, curatedUnit } from './names.ts';

export function makeErrors(set: ErrorSet, { plan, inputs, resources: { gazetteer } }: PlanContext): Unit {
  const { images, imageSeed: seed } = plan.curation;
  const settings = { images, errorShare: ERROR_SHARES[set], seed };
  const source = inputs.curated('random');
  return {
    name: curatedUnit(set),
    kind: 'curation',
    needs: [curatedUnit('random')],
    settings,
    make: ({ run, signal }) =>
      makeErrorSet({ source, ...settings, folder: run.file(CURATION_PART), gazetteer, signal }),
  };
}
