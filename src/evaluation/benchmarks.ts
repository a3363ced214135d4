/**
 * The benchmarks that geolocation papers use: the columns of their truth files, their number of images, and notes for
 * readers of a result. The user supplies the benchmark's files. A number that was not published is absent.
 */
import { invalidInput } from '../core/errors.ts';
import type { Columns } from './columns.ts';

export type Benchmark = {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Number of rows with truth, which is the denominator of published results. Absent if publications differ. */
  readonly n?: number;
  /** Number of images in the published set, if it differs from n. */
  readonly images?: number;
  /** Headers of the published truth file. The roles of all other columns are guessed, as for any file. */
  readonly columns?: Columns;
  readonly note?: string;
};

export const BENCHMARKS: readonly Benchmark[] = [
  {
    name: 'mp16-reason-test',
    title: 'MP16-Reason-Test',
    about: 'Flickr photos of MP-16 that several models call localizable: the main benchmark of the GLOBE paper.',
    n: 12_000,
    columns: { id: 'IMG_ID', latitude: 'LAT', longitude: 'LON', city: 'city', country: 'country' },
    note: 'The photos were selected because models call them localizable, so they are easier than random photos. They come from MP-16, so models trained on MP-16 may have seen them.',
  },
  {
    name: 'im2gps',
    title: 'IM2GPS',
    about: 'Flickr photos, many of landmarks (Hays and Efros 2008).',
    n: 237,
  },
  {
    name: 'im2gps3k',
    title: 'IM2GPS3K',
    about: 'Flickr photos, not filtered for being localizable (Vo and others 2017).',
    n: 2_997,
    images: 3_000,
    columns: { id: 'IMG_ID', author: 'AUTHOR', latitude: 'LAT', longitude: 'LON', scene: 'S3_Label' },
    note: 'Three of the 3,000 images have no coordinates and are in no denominator.',
  },
  {
    name: 'yfcc4k',
    title: 'YFCC4k',
    about: 'Flickr photos drawn at random from YFCC100M (Vo and others 2017).',
    n: 4_536,
  },
  {
    name: 'yfcc26k',
    title: 'YFCC26k',
    about: 'Flickr photos drawn at random from YFCC100M (Theiner and others 2022).',
    note: 'About 26,000 images; the count depends on which photos are still there, so the truth file decides.',
  },
  {
    name: 'gws15k',
    title: 'GWS15k',
    about: 'Street views spread over the land of the world (Clark and others 2023).',
    note: 'About 15,000 views. The images are not redistributed and must be fetched from their provider by each user.',
  },
  {
    name: 'osv-5m-test',
    title: 'OSV-5M test',
    about: 'Street-level photos of OpenStreetView-5M (Astruc and others 2024).',
    columns: { id: 'id', latitude: 'latitude', longitude: 'longitude', country: 'country', city: 'city' },
    note: 'About 210,000 images; the truth file decides. Country is an ISO code there.',
  },
];

/** Finds a benchmark by name or title. Ignores case and punctuation. */
export function findBenchmark(name: string): Benchmark | undefined {
  const key = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return BENCHMARKS.find((benchmark) => key(benchmark.name) === key(name) || key(benchmark.title) === key(name));
}

/** Like `findBenchmark`, but throws `invalid-input` with the known names. */
export function requireBenchmark(name: string): Benchmark {
  const benchmark = findBenchmark(name);
  if (benchmark === undefined) {
    throw invalidInput(`Unknown benchmark: "${name}".`, `Known: ${BENCHMARKS.map((known) => known.name).join(', ')}.`);
  }
  return benchmark;
}
