/** Converts the ranked positions of a model without text output to a Location. */
import { defined } from '../core/defined.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { Place } from '../core/place.ts';
import type { RankedPosition } from '../nano/heads/position-model.ts';
import { LEVEL_RADIUS_KM } from './location-level.ts';
import type { LevelShares, Location } from './locator.ts';

/** Returns the best position as a Location with empty reasoning. */
export function located(
  [best]: readonly RankedPosition[],
  gazetteer: Pick<Gazetteer, 'reverse'> | undefined,
): Location {
  const { coordinate, confidence } = best!;
  const place = gazetteer?.reverse(coordinate);
  const answer = { kind: 'coordinate' as const, coordinate, reasoning: '', confidence };
  return {
    kind: 'located',
    ...defined({ place }),
    coordinate,
    granularity: 'coordinate',
    reasoning: '',
    radiusKm: LEVEL_RADIUS_KM.coordinate,
    confidence,
    ...(place !== undefined && { support: supportOf(place, confidence) }),
    samples: [{ answer, coordinate }],
  };
}

/** Returns the method's confidence for every level that the place names. A calibration tells the levels apart. */
function supportOf({ region, city }: Place, confidence: number): LevelShares {
  return {
    country: confidence,
    ...(region !== undefined && { region: confidence }),
    ...(city !== undefined && { city: confidence }),
  };
}
