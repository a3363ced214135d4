/** The folder of the main job: the one it was started in, or the next that no other settings have taken. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readJsonIfPresent } from '../../storage/read-document.ts';
import { RUN_OPTIONS } from '../../storage/run-folder.ts';

const NAME = 'start';

/** "start" where it is new or was started with these options, else "start-2", "start-3", … */
export async function startRunName(root: string, options: Readonly<Record<string, unknown>>): Promise<string> {
  const wanted: unknown = JSON.parse(JSON.stringify(options));
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME}-${number}`;
    const before = await readJsonIfPresent(join(root, name, 'options.json'), RUN_OPTIONS);
    if (before === undefined || isDeepStrictEqual(before, wanted)) return name;
  }
}
