/** The result of a measurement. A measurement that failed is unscored, with its reason, and never 0. */
import { GlobeError } from './errors.ts';

export type Score<Detail = unknown> =
  | { readonly kind: 'scored'; readonly value: number; readonly detail?: Detail }
  | {
      readonly kind: 'unscored';
      readonly reason: string;
      /** The same measurement may succeed later: what failed was the instrument, not the thing measured. */
      readonly temporary?: true;
    };

/** Throws `internal` for NaN and infinities, which no measurement gives and which would spoil every sum. */
export function scored(value: number): Score<never>;
export function scored<Detail>(value: number, detail: Detail): Score<Detail>;
export function scored<Detail>(value: number, detail?: Detail): Score<Detail> {
  if (!Number.isFinite(value)) {
    throw new GlobeError({ code: 'internal', message: `A score of ${value} is no measurement.` });
  }
  return detail === undefined ? { kind: 'scored', value } : { kind: 'scored', value, detail };
}

export function unscored(reason: string, { temporary = false }: { readonly temporary?: boolean } = {}): Score<never> {
  return { kind: 'unscored', reason, ...(temporary && { temporary }) };
}
