import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkDocument, readJson, readJsonIfPresent, readYaml } from './read-document.ts';

const kind = {
  name: 'menu',
  schema: z.strictObject({ dishes: z.array(z.strictObject({ price: z.number().positive() })), note: z.string() }),
  hint: 'See menus/.',
};

let folder: string;
const file = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-document-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a document', () => {
  it('is read from YAML, merged anchors included, and from JSON', async () => {
    const menu = { dishes: [{ price: 2 }], note: 'a' };
    await writeFile(file('a.yaml'), 'dishes: [{ <<: { price: 2 } }]\nnote: a\n');
    await writeFile(file('a.json'), JSON.stringify(menu));
    expect(await readYaml(file('a.yaml'), kind)).toEqual(menu);
    expect(await readJson(file('a.json'), kind)).toEqual(menu);
  });

  it('is rejected with each invalid field, its value and the remedy', () => {
    expect(() => checkDocument({ dishes: [{ price: -1 }], notes: 'a' }, 'a.yaml', kind)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: [
          'a.yaml is not a valid menu:',
          '  dishes[0].price: Too small: expected number to be >0 (the value is -1)',
          '  note: Invalid input: expected string, received undefined',
          '  Unrecognized key: "notes"',
        ].join('\n'),
        hint: 'See menus/.',
      }),
    );
  });

  it('is rejected with its path if the file is missing or torn', async () => {
    await writeFile(file('torn'), '{');
    const missing = { code: 'not-found', message: expect.stringContaining(file('none')) as string, hint: kind.hint };
    await expect(readYaml(file('none'), kind)).rejects.toMatchObject(missing);
    await expect(readYaml(file('torn'), kind)).rejects.toThrow(`${file('torn')} is not valid YAML`);
    await expect(readJson(file('torn'), kind)).rejects.toThrow(`${file('torn')} is not valid JSON`);
  });

  it('may be absent for readJsonIfPresent, but not unreadable', async () => {
    expect(await readJsonIfPresent(file('none'), kind)).toBeUndefined();
    await expect(readJsonIfPresent(folder, kind)).rejects.toMatchObject({ code: 'not-found' });
  });
});
