/**
 * Schemas for the shapes of the distance reward, shared by recipes and the command line. Also computes how τ changes
 * during training. A large τ at the start rewards the right continent. A small τ at the end rewards only the right
 * city.
 */
import { z } from 'zod';
import { type DistanceShape, tauAt } from './geo-distance.ts';

const positive = z.number().positive();
const pair = z.tuple([z.number().nonnegative(), z.number().min(0).max(1)]);
type Pairs = readonly (readonly [number, number])[];

/** Checks that distances strictly increase and that values never increase. */
const falls = (pairs: Pairs): boolean =>
  pairs.every(([km, value], i) => i === 0 || (km > pairs[i - 1]![0] && value <= pairs[i - 1]![1]));
const FALLS = 'from one [km, value] pair to the next, km must rise and value must not rise';

const piecewiseLinear = z.strictObject({
  kind: z.literal('piecewise-linear'),
  points: z.array(pair).min(2).refine(falls, FALLS),
});
const steps = z.strictObject({ kind: z.literal('steps'), steps: z.array(pair).min(1).refine(falls, FALLS) });

/** A shape that does not change during training. */
export const fixedShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exponential'), tauKm: positive }),
  piecewiseLinear,
  steps,
]) satisfies z.ZodType<DistanceShape>;

/** A shape whose τ may change from the first to the last step of training. */
export const shapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('exponential'),
    tauKm: z.union([positive, z.strictObject({ from: positive, to: positive })]),
  }),
  piecewiseLinear,
  steps,
]);

export type ScheduledShape = z.infer<typeof shapeSchema>;

/** Whether the shape changes during training. */
export const isScheduled = (shape: ScheduledShape): boolean =>
  shape.kind === 'exponential' && typeof shape.tauKm !== 'number';

/**
 * Returns the shape at `progress`, which is 0 at the first step of training and 1 at the last. τ changes geometrically.
 */
export function shapeAt(shape: ScheduledShape, progress: number): DistanceShape {
  if (shape.kind !== 'exponential' || typeof shape.tauKm === 'number') return shape as DistanceShape;
  const { from: startKm, to: endKm } = shape.tauKm;
  return { kind: 'exponential', tauKm: tauAt({ startKm, endKm, progress }) };
}
