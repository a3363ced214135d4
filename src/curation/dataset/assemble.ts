/**
 * Creates the dataset from the gates' verdicts. First selects photos, then writes the two splits in Parquet, the test
 * list in the authors' format, the funnel (how many photos each stage dropped) and the dataset card. The same results
 * always give the same bytes. The results file is read several times, because selection needs facts about all photos,
 * but only a few images fit in memory. This folder writes the dataset, and reads it for the review page, the export and
 * the statistics.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { safeCell } from '../../core/csv-cell.ts';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import type { Gazetteer } from '../../gazetteer/gazetteer.ts';
import type { Grounder } from '../../grounding/grounding.ts';
import { writeFileAtomic } from '../../storage/atomic-file.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';
import { createLineWriter } from '../../storage/line-file.ts';
import { createSplitWriter } from '../../storage/dataset/write-dataset.ts';
import { datasetCard } from './card.ts';
import { licenceFile, LICENSES_FILE } from './licences.ts';
import { createTable1Counter } from './table1.ts';
import type { Table1Row } from './table1.ts';
import { fateLineOf, FATES_FILE } from '../judge/fates.ts';
import type { FateLine } from '../judge/fates.ts';
import { createFunnelCounter } from '../judge/funnel.ts';
import type { Funnel } from '../judge/funnel.ts';
import { createQualityCounter } from '../judge/gate-quality.ts';
import type { Quality } from '../judge/gate-quality.ts';
import { qualityDrop } from '../gates/quality-gate.ts';
import { keyOf } from '../observe/observation.ts';
import type { Oracle } from '../judge/oracle.ts';
import { orderedMap } from '../../core/ordered-map.ts';
import { placeText } from '../../core/place-text.ts';
import { perceptualHash } from '../observe/perceptual-hash.ts';
import type { Photo } from '../observe/photo.ts';
import type { PhotoSource } from '../observe/photo-source.ts';
import { preparePhoto } from '../observe/photo-file.ts';
import type { ShownPhoto } from '../observe/photo-file.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { readResults } from '../judge/result.ts';
import type { Result } from '../judge/result.ts';
import { decisionsOf } from './review.ts';
import type { Decision } from './review.ts';
import { rowOf } from './row-of.ts';
import { select } from '../judge/select.ts';
import type { Fate, SelectOptions, Usable } from '../judge/select.ts';
import { createHashStore } from '../judge/hash-store.ts';
import type { HashStore } from '../judge/hash-store.ts';

const DATASET_FOLDER = 'dataset';

/** Number of images to prepare before the writer needs them. */
const PREPARE_AHEAD = 4;

export type AssembleOptions = {
  readonly source: PhotoSource;
  readonly results: string;
  /**
   * The run's folder. The dataset is written to its subfolder `dataset/`, which appears only when the dataset is
   * complete.
   */
  readonly folder: string;
  readonly recipe: Recipe;
  readonly gazetteer: Pick<Gazetteer, 'match'>;
  readonly grounder: Grounder;
  readonly decisions: readonly Decision[];
  readonly pending: number;
  readonly oracle?: Oracle;
  readonly signal: AbortSignal;
};

export type Split = 'train' | 'test';

export type Assembled = {
  readonly funnel: Funnel;
  readonly quality?: Quality;
  readonly statistics: Readonly<Record<Split, Table1Row>>;
  readonly files: readonly string[];
};

export async function assemble(options: AssembleOptions): Promise<Assembled> {
  const { folder, recipe, signal, grounder } = options;
  const { accepted, rejected } = decisionsOf(options.decisions);
  const fates = fatesOf(await usablePhotos(options.results, options), { recipe, rejected });
  const photos = await options.source.read((id) => fates.get(id)?.kind === 'kept');
  const { funnel, quality } = await report(options, fates);

  const dataset = join(folder, DATASET_FOLDER);
  const temporary = `${dataset}.part`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  const data = join(temporary, 'data');
  const writers = { train: splitWriter('train'), test: splitWriter('test') };
  const testList: DatasetRow[] = [];
  const licences = new Map<string | undefined, number>();

  const makeRow = async (result: Result): Promise<DatasetRow> => {
    const photo = photos.get(result.id)!;
    const shown = await preparePhoto(photo, recipe, signal);
    await assertSamePicture(result, { photo, shown });
    const { image } = shown;
    return rowOf(result, { photo, image, recipe, grounder, accepted: accepted.has(result.id) });
  };
  for await (const row of orderedMap(keptResults(options.results, fates), makeRow, { concurrency: PREPARE_AHEAD })) {
    signal.throwIfAborted();
    const fate = fates.get(row.id!) as Extract<Fate, { kind: 'kept' }>;
    await writers[fate.split].add(row);
    licences.set(row.licence, (licences.get(row.licence) ?? 0) + 1);
    if (fate.split === 'test') testList.push({ ...row, images: [] });
  }
  const files = [...(await writers.train.finish()), ...(await writers.test.finish())];
  const statistics = { train: writers.train.statistics(), test: writers.test.statistics() };
  if (testList.length > 0) await writeFileAtomic(join(temporary, 'test.csv'), testCsv(testList));
  const card = datasetCard({ recipe, funnel, statistics, licences, ...defined({ quality }) });
  await writeFileAtomic(join(temporary, 'README.md'), card);
  await writeFileAtomic(join(temporary, LICENSES_FILE), licenceFile(licences));
  await rm(dataset, { recursive: true, force: true });
  await rename(temporary, dataset);
  return { funnel, statistics, files, ...defined({ quality }) };

  function splitWriter(split: Split) {
    const writer = createSplitWriter({ folder: data, split });
    const counter = createTable1Counter();
    return {
      add: async (row: DatasetRow) => {
        counter.add(row);
        await writer.add(row);
      },
      finish: async () => (await writer.finish()).files.map((name) => join('data', name)),
      statistics: () => counter.row(),
    };
  }
}

/** Throws `invalid-input` if the photo's file has changed since the gates judged the photo. */
async function assertSamePicture(
  { observations }: Result,
  { photo, shown }: { photo: Photo; shown: ShownPhoto },
): Promise<void> {
  const before = observations[keyOf({ kind: 'image' })];
  if (before?.kind !== 'image') return;
  // Runs of older versions did not record the file's digest. Their photos are compared by perceptual hash.
  const isSame =
    before.sha256 === undefined
      ? before.hash === (await perceptualHash(shown.image.bytes))
      : before.sha256 === shown.sha256;
  if (isSame) return;
  throw invalidInput(
    `${photo.path} has changed since the photo ${photo.id} was judged.`,
    'Name the original photos of the run with --input. If a file was replaced on purpose, rerun the `globe curate` command.',
  );
}

const fatesOf = (
  { usable, hashes }: { usable: readonly Usable[]; hashes: HashStore },
  options: Pick<SelectOptions, 'recipe' | 'rejected'>,
): Map<string, Fate> => select(usable, { ...options, hashes });

/** Collects what selection needs to know about each photo that is good enough and has a place. */
async function usablePhotos(
  results: string,
  { source, recipe }: Pick<AssembleOptions, 'source' | 'recipe'>,
): Promise<{ usable: Usable[]; hashes: HashStore }> {
  const usable: Usable[] = [];
  const owners = await source.owners();
  const hashes = createHashStore(owners.size);
  const texts = new Map<string, string>();
  const shared = (text: string): string => texts.get(text) ?? (texts.set(text, text), text);
  for await (const { id, chosen, truth, observations } of readResults(results)) {
    const image = observations[keyOf({ kind: 'image' })];
    if (image?.kind !== 'image' || truth === undefined) continue;
    if (qualityDrop(image, recipe.gates.quality) !== undefined) continue;
    const owner = owners.get(id);
    hashes.add(image);
    usable.push({
      id,
      ...(owner !== undefined && owner !== '' && { owner }),
      // Many photos share a city, so that one text serves them all.
      city: shared(placeText(truth)),
      country: shared(truth.country),
      passed: chosen !== undefined,
    });
  }
  return { usable, hashes };
}

/** Counts the fates of the photos (kept, or dropped at a stage), and writes each fate to a file. */
async function report(
  { results, pending, oracle, gazetteer, folder }: AssembleOptions,
  fates: ReadonlyMap<string, Fate>,
): Promise<{ funnel: Funnel; quality?: Quality }> {
  const funnel = createFunnelCounter();
  const quality = oracle === undefined ? undefined : createQualityCounter(oracle, gazetteer);
  await using lines = await createLineWriter<FateLine>(join(folder, FATES_FILE));
  for await (const result of readResults(results)) {
    const fate = fates.get(result.id);
    funnel.add(result, fate);
    quality?.add(result, fate);
    await lines.add([fateLineOf(result, fate)]);
  }
  await lines.finish();
  return { funnel: funnel.funnel(pending), ...(quality !== undefined && { quality: quality.quality() }) };
}

async function* keptResults(results: string, fates: ReadonlyMap<string, Fate>): AsyncGenerator<Result> {
  for await (const result of readResults(results)) if (fates.get(result.id)?.kind === 'kept') yield result;
}

/** Formats the test split as a CSV table in the authors' format. */
function testCsv(rows: readonly DatasetRow[]): string {
  return stringify(
    rows.map(({ id, coordinate, city, country }) => [
      id,
      coordinate!.latitudeDegrees,
      coordinate!.longitudeDegrees,
      safeCell(city),
      safeCell(country),
    ]),
    { header: true, columns: ['IMG_ID', 'LAT', 'LON', 'city', 'country'] },
  );
}
