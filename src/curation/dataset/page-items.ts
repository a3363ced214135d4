/**
 * Collects the items of a dataset's review page: kept rows from the Parquet files and, for a run, photos that a gate, a
 * reviewer or the selection dropped. The kept rows and the dropped photos are both sampled evenly, so that the page of
 * a large dataset stays small. Among the dropped photos, those that a reviewer rejected come first, so that a reviewer
 * can undo a rejection.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { defined } from '../../core/defined.ts';
import { openDataset } from '../../storage/dataset/read-dataset.ts';
import type { DatasetRow } from '../../storage/dataset/row.ts';
import { FATES_FILE, readFates } from '../judge/fates.ts';
import { STAGES } from '../judge/funnel.ts';
import type { Stage } from '../judge/funnel.ts';
import { readManifest } from './run-manifest.ts';
import type { RunManifest } from './run-manifest.ts';
import { orderedMap } from '../../core/ordered-map.ts';
import { placeText } from '../../core/place-text.ts';
import { preparePhoto } from '../observe/photo-file.ts';
import { readPhotos } from '../observe/read-photos.ts';
import { readResults, RESULTS_FILE } from '../judge/result.ts';
import type { Result } from '../judge/result.ts';
import { decisionsOf, loadReviews } from './review.ts';

export type PageItem = {
  readonly id: string;
  /** 'train' or 'test' for a kept row. For a dropped photo, the stage that dropped it. */
  readonly status: string;
  readonly kept: boolean;
  /** JPEG file of the thumbnail. */
  readonly thumbnail: Uint8Array | undefined;
  readonly place: string;
  readonly scene?: string;
  readonly answers: readonly { readonly annotator: string; readonly text: string; readonly chosen: boolean }[];
  readonly gates: readonly { readonly gate: string; readonly passed: boolean; readonly reason: string }[];
  /** Lemmas (dictionary forms) of the things that the reasoning text names. */
  readonly entities: readonly string[];
  readonly elements: readonly string[];
  /** The reviewer's decision, 'accept' or 'reject'. For a kept row, the decision in the dataset. */
  readonly review?: string;
  readonly credit: string;
};

export type CollectOptions = { readonly limit: number; readonly signal: AbortSignal };

/** Longest side of a thumbnail. At this size, a page with 200 pictures has about 4 MB. */
const THUMBNAIL_PIXELS = 320;
const CONCURRENCY = 4;

/**
 * Collects at most `limit` items. `path` is a run's folder, a dataset's folder or a Parquet file. For a run, up to half
 * of the items are kept rows. All other items are dropped photos.
 */
export async function collectPageItems(path: string, { limit, signal }: CollectOptions): Promise<PageItem[]> {
  if (!existsSync(join(path, RESULTS_FILE))) return keptItems(path, limit);
  const manifest = await readManifest(path);
  const kept = await keptItems(path, Math.ceil(limit / 2));
  const dropped = await droppedItems(path, { manifest, limit: limit - kept.length, signal });
  const { accepted, rejected } = decisionsOf(await loadReviews([...(manifest.shards ?? []), path]));
  return [...kept, ...dropped].map((item) => {
    if (rejected.has(item.id)) return { ...item, review: 'reject' };
    return accepted.has(item.id) ? { ...item, review: 'accept' } : item;
  });
}

async function keptItems(path: string, limit: number): Promise<PageItem[]> {
  const files = await openDataset(path);
  const total = files.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const items: PageItem[] = [];
  let index = 0;
  for (const file of files) {
    for await (const row of file.rows()) {
      if (isSampled(index, { total, limit })) items.push(await itemOfRow(row, { split: file.split, index }));
      index += 1;
    }
  }
  return items;
}

/** Selects `limit` of `total` items at even distances. */
function isSampled(index: number, { total, limit }: { total: number; limit: number }): boolean {
  if (total <= limit) return true;
  return Math.floor((index * limit) / total) !== Math.floor(((index - 1) * limit) / total);
}

async function itemOfRow(row: DatasetRow, { split, index }: { split: string; index: number }): Promise<PageItem> {
  const { annotations = [], elements = [], gates = [] } = row;
  const others = annotations.filter(({ annotator }) => annotator !== row.annotator);
  return {
    id: row.id ?? `row ${index + 1}`,
    status: split,
    kept: true,
    thumbnail: row.images[0] === undefined ? undefined : await thumbnail(row.images[0].bytes),
    place: placeText(row),
    answers: [
      { annotator: row.annotator ?? 'reasoning', text: row.response, chosen: true },
      ...others.map(({ annotator, city, country, localizable, confidence, coordinate }) => ({
        annotator,
        chosen: false,
        text:
          coordinate === undefined
            ? answeredPlace({ localizable, city, country })
            : `${coordinate.latitudeDegrees.toFixed(2)}, ${coordinate.longitudeDegrees.toFixed(2)}${confidence === undefined ? '' : `, confidence ${confidence.toFixed(2)}`}`,
      })),
    ],
    gates,
    entities: row.entities,
    elements: elements.map(({ label }) => label),
    credit: credit(row),
    ...defined({ scene: row.scene, review: row.review }),
  };
}

type Dropped = { readonly result: Result; readonly stage: Stage; readonly reason: string };

async function droppedItems(
  path: string,
  { manifest, limit, signal }: CollectOptions & { readonly manifest: RunManifest },
): Promise<PageItem[]> {
  const { review = [], ...byStage } = await droppedPhotos(path);
  const rejected = review.slice(0, limit);
  const inOrder = STAGES.flatMap((stage) => (stage !== 'review' && stage in byStage ? [byStage[stage]!] : []));
  const each = Math.ceil((limit - rejected.length) / Math.max(1, inOrder.length));
  const sampled = inOrder.flatMap((dropped) =>
    dropped.filter((_, i) => isSampled(i, { total: dropped.length, limit: each })),
  );
  const photos = new Map((await readPhotos(manifest.input)).map((photo) => [photo.id, photo]));
  const items: PageItem[] = [];
  const make = async (dropped: Dropped): Promise<PageItem> => itemOfDropped(dropped, { photos, manifest, signal });
  const chosen = [...rejected, ...sampled];
  for await (const item of orderedMap(chosen, make, { concurrency: CONCURRENCY })) items.push(item);
  return items;
}

/**
 * Groups dropped photos by the stage that dropped them. Runs of older versions have no file of fates, so only the
 * photos that their gates dropped are known.
 */
async function droppedPhotos(path: string): Promise<Partial<Record<Stage, Dropped[]>>> {
  const fates = new Map<string, Omit<Dropped, 'result'>>();
  for await (const line of readFates(join(path, FATES_FILE))) {
    if (line.fate === 'dropped') fates.set(line.id, line);
  }
  const byStage: Partial<Record<Stage, Dropped[]>> = {};
  for await (const result of readResults(join(path, RESULTS_FILE))) {
    const last = result.verdicts.at(-1);
    const isGate = last !== undefined && !last.passed;
    const fate = fates.get(result.id) ?? (isGate ? { stage: last.gate, reason: last.reason } : undefined);
    if (fate !== undefined) (byStage[fate.stage] ??= []).push({ result, ...fate });
  }
  return byStage;
}

async function itemOfDropped(
  { result, stage, reason }: Dropped,
  {
    photos,
    manifest,
    signal,
  }: { photos: ReadonlyMap<string, Parameters<typeof preparePhoto>[0]>; manifest: RunManifest; signal: AbortSignal },
): Promise<PageItem> {
  const { id, verdicts, truth, observations } = result;
  const photo = photos.get(id);
  // An unreadable photo has no thumbnail. Its verdicts contain the reason.
  const shown =
    photo === undefined ? undefined : await preparePhoto(photo, manifest.recipe, signal).catch(() => undefined);
  const elements = observations['elements'];
  return {
    id,
    status: stage,
    kept: false,
    thumbnail: shown === undefined ? undefined : await thumbnail(shown.image.bytes),
    place: truth === undefined ? 'unknown' : placeText(truth),
    answers: Object.entries(observations).flatMap(([key, observation]) => {
      if (!key.startsWith('annotation:')) return [];
      const annotator = key.slice('annotation:'.length);
      if (observation.kind !== 'annotation') {
        return [{ annotator, chosen: false, text: 'reason' in observation ? observation.reason : '' }];
      }
      const { place, reasoning, localizable } = observation;
      const where = answeredPlace({ localizable, ...place });
      return [{ annotator, chosen: annotator === result.chosen, text: `${where}: ${reasoning}` }];
    }),
    gates: verdicts.at(-1)?.passed === false ? verdicts : [...verdicts, { gate: stage, passed: false, reason }],
    entities: [],
    elements: elements?.kind === 'elements' ? elements.elements.map(({ label }) => label) : [],
    credit: credit(photo ?? {}),
    ...(photo?.scene !== undefined && { scene: photo.scene }),
  };
}

async function thumbnail(bytes: Uint8Array): Promise<Uint8Array> {
  return sharp(bytes)
    .resize(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 80 })
    .toBuffer();
}

type PlaceAnswer = {
  readonly localizable: boolean | undefined;
  readonly city?: string | undefined;
  readonly country?: string | undefined;
};

function answeredPlace({ localizable, city, country }: PlaceAnswer): string {
  return localizable === false ? 'not localizable' : placeText({ city, country });
}

function credit({ owner, licence }: { owner?: string; licence?: string }): string {
  return [owner, licence].filter(Boolean).join(', ');
}
