/** Converts the ranked positions of a model without text output to a Location. */
import { defined } from '../core/defined.ts';
import type { Gazetteer } from '../gazetteer/gazetteer.ts';
import type { RankedPosition } from '../nano/heads/position-model.ts';
import type { Location } from './locator.ts';

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
    confidence,
    samples: [{ answer, coordinate }],
  };
}
