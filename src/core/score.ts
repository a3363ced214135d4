/** The result of a measurement. A failed measurement is unscored with a reason, never 0. */
import { GlobeError } from './errors.ts';

export type Score<Detail = unknown> =
  | { readonly kind: 'scored'; readonly value: number; readonly detail?: Detail }
  | {
      readonly kind: 'unscored';
      readonly reason: string;
      /** Present if the same measurement may succeed later, for example because a service was down. */
      readonly temporary?: true;
    };

/** Creates a measured score. Throws `internal` for NaN and infinities, which would make every sum invalid. */
export function scored(value: number): Score<never>;
export function scored<Detail>(value: number, detail: Detail): Score<Detail>;
export function scored<Detail>(value: number, detail?: Detail): Score<Detail> {
  if (!Number.isFinite(value)) {
    throw new GlobeError({ code: 'internal', message: `Invalid score: ${value}. A score must be a finite number.` });
  }
  return detail === undefined ? { kind: 'scored', value } : { kind: 'scored', value, detail };
}

export function unscored(reason: string, { temporary = false }: { readonly temporary?: boolean } = {}): Score<never> {
  return { kind: 'unscored', reason, ...(temporary && { temporary }) };
}
