/** Selects the run folder of the main job: the folder of an earlier start with the same settings, or a new folder. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readJsonIfPresent } from '../../storage/read-document.ts';
import { RUN_OPTIONS } from '../../storage/run-folder.ts';

const NAME = 'start';

/** Returns the first of "start", "start-2", "start-3", … that is new or belongs to a run with the same options. */
export async function startRunName(root: string, options: Readonly<Record<string, unknown>>): Promise<string> {
  const request: unknown = JSON.parse(JSON.stringify(options));
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME}-${number}`;
    const previous = await readJsonIfPresent(join(root, name, 'options.json'), RUN_OPTIONS);
    if (previous === undefined || isDeepStrictEqual(previous, request)) return name;
  }
}
