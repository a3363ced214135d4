import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGlobeHere } from '../../test/support/run-globe.ts';
import { GlobeError } from '../core/errors.ts';
import { systemError } from './system-error.ts';

const caught = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('no error'),
    (error: unknown) => error,
  );

describe('an error of the operating system', () => {
  it('is a mistake of the user with a remedy if a path is at fault', async () => {
    expect(systemError(await caught(readFile(tmpdir())))).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('EISDIR'),
      hint: expect.stringContaining('folder'),
    });
    const wrapped = new Error('cannot load', { cause: await caught(readFile(join(tmpdir(), 'no', 'file'))) });
    expect(systemError(wrapped)).toMatchObject({ code: 'invalid-input', hint: expect.any(String) });
  });

  it.each(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE'])('%s asks to repair the machine', (code) => {
    const error = Object.assign(new Error(`${code}: no luck, write`), { code, syscall: 'write' });
    expect(systemError(error)).toMatchObject({ code: 'service', hint: expect.any(String) });
  });

  it('is not seen in a bug', () => {
    expect(systemError(new TypeError('x is undefined'))).toBeUndefined();
    expect(systemError(Object.assign(new Error('own'), { code: 'ENOENT' }))).toBeUndefined();
  });
});

describe('the command line', () => {
  const notABug = (): unknown => expect.not.stringContaining('bug');

  it('names a remedy for a truncated options.json, a wrong log line and a folder instead of a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'globe-messages-'));
    try {
      const evaluate = async (run: string) =>
        runGlobeHere(
          [
            'evaluate',
            '--benchmark',
            'truth.csv',
            '--images',
            '.',
            '--model',
            'scripted:s.jsonl',
            '--run',
            run,
            '--quiet',
          ],
          { cwd: folder },
        );
      await writeFile(join(folder, 'truth.csv'), 'id,lat,lon\nphoto.png,48,2\n');
      await writeFile(join(folder, 's.jsonl'), '{"completions":["country: France"]}\n');
      await writeFile(join(folder, 'photo.png'), PIXEL);
      expect(await evaluate('r')).toMatchObject({ exitCode: 0 });
      const log = join(folder, 'runs/r/predictions.log.jsonl');
      const written = await readFile(log, 'utf8');
      for (const line of ['{"id":1}\n', '[]\n', '{"id":"a","status":"lost"}\n', written.replace('France', 'Frence')]) {
        await writeFile(log, line);
        const { exitCode, stderr } = await evaluate('r');
        expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('log.jsonl, line 1 ') });
        expect(stderr).toEqual(notABug());
      }
      for (const options of ['{"command":"eva', 'null', '[]', '7', '']) {
        await writeFile(join(folder, 'runs/r/options.json'), options);
        const { exitCode, stderr } = await evaluate('r');
        expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('Restore the file') });
        expect(stderr).toEqual(notABug());
      }
      await writeFile(join(folder, 'file'), '');
      const wrong = await runGlobeHere(['score', 'runs', '--from', 'text'], { cwd: folder });
      expect(wrong).toMatchObject({ exitCode: 2, stderr: notABug() });
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it.each(['65536', '99999', '-1', '80.5', 'http'])('refuses the port %s', async (port) => {
    expect(await runGlobeHere(['serve', '--port', port])).toMatchObject({ exitCode: 2, stderr: notABug() });
  });
});

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

it('leaves an error alone that has a remedy of its own', async () => {
  const cause = await caught(readFile(join(tmpdir(), 'no', 'file')));
  const error = new GlobeError({ code: 'not-found', message: 'There is no model.', hint: 'Train one.', cause });
  expect(systemError(error)).toBeUndefined();
});
