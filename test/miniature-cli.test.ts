import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGlobeHere } from './support/run-globe.ts';

describe('globe miniature', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'globe-miniature-cli-'));
  });
  afterAll(async () => rm(folder, { recursive: true, force: true }));

  it('generates a world, prints its contents, and draws a contact sheet', async () => {
    const out = join(folder, 'world');
    const made = await runGlobeHere([
      'miniature',
      'generate',
      '--scenes',
      '12',
      '--seed',
      '2',
      '--size',
      '48',
      '--out',
      out,
    ]);
    expect(made).toMatchObject({ exitCode: 0 });
    expect(made.stdout).toMatch(/10 photos for training and 2 held out, from \d+ cities in \d+ countries/);
    const again = await runGlobeHere([
      'miniature',
      'generate',
      '--scenes',
      '12',
      '--seed',
      '2',
      '--size',
      '48',
      '--out',
      out,
      '--json',
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({ format: 'globe-miniature', scenes: 12, seed: 2, pixels: 48 });
    const sheet = join(folder, 'sheet.png');
    expect(
      await runGlobeHere([
        'miniature',
        'sheet',
        out,
        '--out',
        sheet,
        '--scenes',
        '6',
        '--columns',
        '3',
        '--tile',
        '48',
      ]),
    ).toMatchObject({ exitCode: 0 });
    expect((await readFile(sheet)).subarray(1, 4).toString()).toBe('PNG');
  });

  it("reports wrong options and folders as the user's mistakes, with a remedy", async () => {
    const out = join(folder, 'other');
    const many = await runGlobeHere(['miniature', 'generate', '--scenes', 'many', '--out', out]);
    expect([many.exitCode, many.stderr]).toEqual([2, expect.stringContaining('"many" is not a number')]);
    const tiny = await runGlobeHere(['miniature', 'generate', '--size', '4', '--out', out]);
    expect([tiny.exitCode, tiny.stderr]).toEqual([2, expect.stringContaining('from 32 to 512')]);
    const none = await runGlobeHere(['miniature', 'sheet', out, '--out', join(folder, 'x.png')]);
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('globe miniature generate --out FOLDER')]);
  });
});
