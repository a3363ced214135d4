/** The folder of the main job: the one it was started in, or the next that no other settings have taken. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const NAME = 'start';

/** "start" where it is new or was started with these options, else "start-2", "start-3", … */
export async function startRunName(root: string, options: Readonly<Record<string, unknown>>): Promise<string> {
  const wanted: unknown = JSON.parse(JSON.stringify(options));
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME}-${number}`;
    const before = await readFile(join(root, name, 'options.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (before === undefined || isDeepStrictEqual(JSON.parse(before), wanted)) return name;
  }
}
