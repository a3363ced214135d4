/** Parsers of option values for commander. A parser returns the value, or throws an error that quotes the text. */
import { InvalidArgumentError } from 'commander';

const MAX_PORT = 65_535;

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

/** Parses a whole number of at least 0. */
export function wholeNumber(value: string): number {
  const parsed = integer(value);
  if (parsed < 0) throw new InvalidArgumentError(`"${value}" is below 0.`);
  return parsed;
}

/** Parses a port number. 0 means any free port. */
export function portNumber(value: string): number {
  const parsed = wholeNumber(value);
  if (parsed > MAX_PORT) throw new InvalidArgumentError(`"${value}" is above ${MAX_PORT}.`);
  return parsed;
}

/** Parses a duration in seconds, which must be above 0. */
export function seconds(value: string): number {
  const parsed = number(value);
  if (parsed <= 0) throw new InvalidArgumentError(`"${value}" is not a number above 0.`);
  return parsed;
}

/** Parses a number between 0 and 1. */
export function share(value: string): number {
  const parsed = number(value);
  if (parsed < 0 || parsed > 1) throw new InvalidArgumentError(`"${value}" is not between 0 and 1.`);
  return parsed;
}

/** Collects the values of an option that can be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
