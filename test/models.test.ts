import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MODELS = join(import.meta.dirname, '..', 'models');
/** Maximum size of a file in the repository, in megabytes. */
const MAX_MEGABYTES = 12;

describe('shipped models', () => {
  const files = readdirSync(MODELS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(MODELS.length + 1))
    .filter((file) => file !== 'checksums.json');
  const checksums = JSON.parse(readFileSync(join(MODELS, 'checksums.json'), 'utf8')) as Record<string, string>;

  it('match their checksums, file by file', () => {
    const found = files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(MODELS, file)))
        .digest('hex'),
    ]);
    expect(Object.fromEntries(found)).toEqual(checksums);
  });

  it('have cards with their origin, licence and limits, but without local paths', () => {
    const cards = files.filter((file) => file.endsWith('README.md'));
    expect(cards.length).toBe(
      new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0])).size,
    );
    for (const card of cards) {
      const text = readFileSync(join(MODELS, card), 'utf8');
      expect(text, card).toContain('license: apache-2.0');
      expect(text, card).toContain('## How it was made');
      expect(text, card).toContain('knows a generated world of drawings');
      expect(text, card).not.toMatch(/\/(?:tmp|work|home|root)\//u);
    }
  });

  it('are small', () => {
    for (const file of files) expect(readFileSync(join(MODELS, file)).length / 1e6, file).toBeLessThan(MAX_MEGABYTES);
  });
});
