/** Finds the predictions for a comparison: those of a finished evaluation run, or any other file. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { GlobeError } from '../core/errors.ts';
import { readJson } from '../storage/read-document.ts';
import { checkRunFile, RUN_MANIFEST } from '../storage/run-manifest.ts';
import { RUN_FILES } from './evaluate.ts';
import { REPORT_FILES } from './report/write-report.ts';
import type { ScoreOptions } from './score-file.ts';

export type RunSource = {
  readonly name: string;
  readonly benchmark?: string;
  /** The `prefer` option of the evaluation run; absent for `place`, the paper's protocol. */
  readonly prefer?: string;
  /** How the evaluation run made its predictions, as text for the protocol. */
  readonly origin?: string;
  readonly score: Omit<ScoreOptions, 'gazetteer'>;
};

const RUN_OPTIONS = {
  name: 'record of an evaluation',
  schema: z.looseObject({ benchmark: z.string().exactOptional(), prefer: z.string().exactOptional() }),
};
const REPORT = { name: 'report', schema: z.looseObject({ protocol: z.looseObject({ from: z.string() }) }) };

export type SourceOptions = Pick<ScoreOptions, 'from' | 'failures' | 'columns' | 'truthFile'> & {
  /** The folder that contains the runs. */
  readonly runs: string;
};

/**
 * Opens a run by its name or folder, or a file by its path. The options in `score` apply only to a file. Throws
 * `not-found`.
 */
export async function openRunSource(name: string, { runs, ...score }: SourceOptions): Promise<RunSource> {
  const folder = [name, join(runs, name)].find((path) => existsSync(join(path, RUN_MANIFEST)));
  if (folder !== undefined) {
    const { benchmark, prefer } = await readJson(join(folder, 'options.json'), RUN_OPTIONS);
    await checkRunFile(join(folder, REPORT_FILES.json));
    const { protocol } = await readJson(join(folder, REPORT_FILES.json), REPORT);
    return {
      name: basename(folder),
      origin: protocol.from,
      ...defined({ benchmark, prefer }),
      score: { file: join(folder, RUN_FILES.predictions), from: 'coordinates' },
    };
  }
  if (!existsSync(name)) {
    throw new GlobeError({
      code: 'not-found',
      message: `"${name}" is neither a finished run nor a file.`,
      hint: 'A finished run has manifest.json in its folder; to finish a run, repeat its globe evaluate command.',
    });
  }
  const prefer = score.from === 'coordinates' ? await preferOfRunFile(name) : undefined;
  return { name: basename(name), ...defined({ prefer }), score: { file: name, ...score } };
}

/** Returns the `prefer` option of the run that wrote the file. Undefined for files of other programs. */
async function preferOfRunFile(file: string): Promise<string | undefined> {
  const options = join(dirname(file), 'options.json');
  const isOfRun = (Object.values(RUN_FILES) as string[]).includes(basename(file)) && existsSync(options);
  return isOfRun ? (await readJson(options, RUN_OPTIONS)).prefer : undefined;
}
