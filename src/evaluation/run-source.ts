/** What a comparison scores: the predictions of a finished evaluation, or a file from elsewhere. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { defined } from '../core/defined.ts';
import { GlobeError } from '../core/errors.ts';
import { readJson } from '../storage/read-document.ts';
import { RUN_FILES } from './evaluate.ts';
import { REPORT_FILES } from './report/write-report.ts';
import type { ScoreOptions } from './score-file.ts';

export type RunSource = {
  readonly name: string;
  readonly benchmark?: string;
  /** How a run of ours made its predictions. */
  readonly made?: string;
  readonly score: Omit<ScoreOptions, 'gazetteer'>;
};

const RUN_OPTIONS = {
  name: 'record of an evaluation',
  schema: z.looseObject({ benchmark: z.string().exactOptional() }),
};
const REPORT = { name: 'report', schema: z.looseObject({ protocol: z.looseObject({ from: z.string() }) }) };

export type SourceOptions = Pick<ScoreOptions, 'from' | 'failures' | 'columns' | 'truthFile'> & {
  /** The folder that holds the runs. */
  readonly runs: string;
};

/** The predictions of the run, or of the file, of this name; the other options are for a file. Throws `not-found`. */
export async function openRunSource(name: string, { runs, ...score }: SourceOptions): Promise<RunSource> {
  const folder = [name, join(runs, name)].find((path) => existsSync(join(path, 'manifest.json')));
  if (folder !== undefined) {
    const { benchmark } = await readJson(join(folder, 'options.json'), RUN_OPTIONS);
    const { protocol } = await readJson(join(folder, REPORT_FILES.json), REPORT);
    return {
      name: basename(folder),
      made: protocol.from,
      ...defined({ benchmark }),
      score: { file: join(folder, RUN_FILES.predictions), from: 'coordinates' },
    };
  }
  if (!existsSync(name)) {
    throw new GlobeError({
      code: 'not-found',
      message: `There is no finished run or file "${name}".`,
      hint: 'A run is finished when its folder holds manifest.json; give the same globe evaluate command again to finish it.',
    });
  }
  return { name: basename(name), score: { file: name, ...score } };
}
