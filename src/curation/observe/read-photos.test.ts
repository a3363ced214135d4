import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPhotos, surveyPhotos } from './read-photos.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-photos-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const table = async (text: string, name = 'metadata.csv'): Promise<string> => {
  await writeFile(join(folder, name), text);
  return folder;
};

describe('readPhotos', () => {
  it("reads MP-16's layout, sorted by id, with images in a folder beside the table", async () => {
    await mkdir(join(folder, 'images'));
    await writeFile(join(folder, 'images', 'b.jpg'), '');
    const photos = await readPhotos(
      await table('IMG_ID,AUTHOR,LAT,LON,S3_Label,Prob_indoor\nb.jpg,ann,60.17,24.94,2,0.1\na.jpg,,-1.5,30,0,0.9\n'),
    );
    expect(photos).toEqual([
      {
        id: 'a.jpg',
        path: join(folder, 'a.jpg'),
        coordinate: { latitudeDegrees: -1.5, longitudeDegrees: 30 },
        scene: 'indoor',
      },
      {
        id: 'b.jpg',
        path: join(folder, 'images', 'b.jpg'),
        coordinate: { latitudeDegrees: 60.17, longitudeDegrees: 24.94 },
        owner: 'ann',
        scene: 'urban',
      },
    ]);
  });

  it('reads country, city and licence if the table has them', async () => {
    const [photo] = await readPhotos(
      await table(
        'file,latitude,longitude,licence,flickr_owner,country,city\nx.jpg,1,2,CC BY 2.0,bo,Kenya,Nairobi\n',
        'photos.csv',
      ),
    );
    expect(photo).toMatchObject({ place: { country: 'Kenya', city: 'Nairobi' }, licence: 'CC BY 2.0', owner: 'bo' });
  });

  it.each([
    ['id,lat\na,1\n', 'no column for the longitude'],
    ['id,lat,lon\na,1,2\na,3,4\n', 'contains the photo id "a" twice'],
    ['id,lat,lon\na,95,2\n', 'row 1 (a) has no valid position'],
    ['id,lat,lon\n,1,2\n', 'row 1 has no id'],
    ['id,lat,lon\n', 'contains no photos'],
  ])('refuses %j with the reason', async (text, reason) => {
    await expect(readPhotos(await table(text))).rejects.toThrow(reason);
  });

  it('keeps only the photos of a shard, and checks every row', async () => {
    const photos = await readPhotos(await table('id,lat,lon\na,1,2\nb,3,4\nc,5,6\n'), { only: (id) => id !== 'b' });
    expect(photos.map(({ id }) => id)).toEqual(['a', 'c']);
    await expect(readPhotos(await table('id,lat,lon\na,1,2\nb,95,4\n'), { only: (id) => id === 'a' })).rejects.toThrow(
      'row 2 (b) has no valid position',
    );
  });

  it('refuses a folder with several tables, and a missing one', async () => {
    await table('', 'one.csv');
    await expect(readPhotos(await table('', 'two.csv'))).rejects.toThrow('contains several tables: one.csv, two.csv');
    await expect(readPhotos(join(folder, 'nowhere'))).rejects.toThrow('does not exist');
  });
});

describe('surveyPhotos', () => {
  const rows = Array.from({ length: 500 }, (_, i) => `p${String(i).padStart(3, '0')},1,2`);
  const survey = async (options: Partial<Parameters<typeof surveyPhotos>[1]> = {}) =>
    surveyPhotos(await table(`id,lat,lon\n${rows.join('\n')}\n`), {
      only: () => true,
      sampleSize: 20,
      seed: 1,
      ...options,
    });

  it('counts the photos and draws a sample that depends on the ids and the seed alone', async () => {
    const { count, sample } = await survey();
    expect(count).toBe(500);
    expect(sample).toHaveLength(20);
    const ids = sample.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    rows.reverse();
    expect((await survey()).sample).toEqual(sample);
    expect((await survey({ seed: 2 })).sample).not.toEqual(sample);
    // A larger sample contains the smaller one.
    expect((await survey({ sampleSize: 40 })).sample).toEqual(expect.arrayContaining(sample));
  });

  it('draws from the whole table', async () => {
    const { sample } = await survey({ sampleSize: 200 });
    const mean = sample.reduce((sum, { id }) => sum + Number(id.slice(1)), 0) / sample.length;
    expect(mean).toBeGreaterThan(200);
    expect(mean).toBeLessThan(300);
  });

  it('counts only the photos of a shard, and returns all of them if they are few', async () => {
    const { count, sample } = await survey({ only: (id) => id.endsWith('7'), sampleSize: 80 });
    expect([count, sample.length]).toEqual([50, 50]);
  });

  it.each([0, 1])('works for a sample of %i', async (sampleSize) => {
    expect((await survey({ sampleSize })).sample).toHaveLength(sampleSize);
  });
});
