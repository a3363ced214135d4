import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OfflineGazetteer } from '../../src/gazetteer/gazetteer.ts';
import { openGazetteer } from '../../src/gazetteer/open.ts';
import { faultsOf, type FieldCase } from './run-case.ts';

const MIN_CASES_OF_CLASS = 10;

let opened: OfflineGazetteer | undefined;
const gazetteer = () => (opened ??= openGazetteer());

const cases = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(join(import.meta.dirname, name), 'utf8').split('\n'))
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line) as FieldCase);

describe.each([...Map.groupBy(cases, (fieldCase) => fieldCase.class)])('%s', (_, ofClass) => {
  it.each(ofClass)('$kind of $input', (fieldCase) => {
    expect(faultsOf(fieldCase, gazetteer())).toEqual([]);
  });

  it(`has at least ${MIN_CASES_OF_CLASS} cases`, () => {
    expect(ofClass.length).toBeGreaterThanOrEqual(MIN_CASES_OF_CLASS);
  });
});
