/** The built gazetteer, opened once for all tests of a file. The suite's `pretest` script builds it. */
import { openGazetteer } from './open.ts';
import type { Gazetteer } from './gazetteer.ts';

let opened: Gazetteer | undefined;

export function testGazetteer(): Gazetteer {
  opened ??= openGazetteer();
  return opened;
}
