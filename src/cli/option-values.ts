/** Parsers of option values, for commander: the parsed value, or a complaint that names what was written. */
import { InvalidArgumentError } from 'commander';

export function number(value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError(`"${value}" is not a number.`);
  return parsed;
}

export function integer(value: string): number {
  const parsed = number(value);
  if (!Number.isSafeInteger(parsed)) throw new InvalidArgumentError(`"${value}" is not a whole number.`);
  return parsed;
}

export function positiveInteger(value: string): number {
  const parsed = integer(value);
  if (parsed < 1) throw new InvalidArgumentError(`"${value}" is below 1.`);
  return parsed;
}

/** A count that may be none: 0 or more. */
export function wholeNumber(value: string): number {
  const parsed = integer(value);
  if (parsed < 0) throw new InvalidArgumentError(`"${value}" is below 0.`);
  return parsed;
}

/** A duration in seconds, above 0. */
export function seconds(value: string): number {
  const parsed = number(value);
  if (parsed <= 0) throw new InvalidArgumentError(`"${value}" is no number of seconds above 0.`);
  return parsed;
}

/** From 0 to 1. */
export function share(value: string): number {
  const parsed = number(value);
  if (parsed < 0 || parsed > 1) throw new InvalidArgumentError(`"${value}" is no share between 0 and 1.`);
  return parsed;
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
