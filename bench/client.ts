/**
 * Compares `globe evaluate` with a typical Python client, on a local server with a fixed latency. The Python client
 * uses the openai package, 16 threads and one base64 image per request. Both times cover the whole program, from its
 * start until the results are written.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { JPEG_QUALITY, MAX_PIXELS } from '../src/image/limits.ts';
import { locatePrompt } from '../src/prompts/locate-prompt.ts';
import { interleaved, medianOf, rounded } from './bench.ts';
import type { Bench } from './bench.ts';
import { SIZES, writePhotos } from './support/photos.ts';
import { pythonWith } from './support/python-peer.ts';

const IMAGES = 300;
const LATENCY_MS = 20;
const CONCURRENCY = 16;

const here = import.meta.dirname;

type Run = { readonly imagesPerSecond: number; readonly cpuSeconds: number; readonly memoryMiB: number };

export const bench: Bench = async ({ runs, note }) => {
  const requirements = join(here, 'python/requirements.txt');
  const python = pythonWith(requirements, note);
  const folder = await mkdtemp(join(tmpdir(), 'globe-bench-'));
  const server = await startServer();
  try {
    note(`Writing ${IMAGES} images …`);
    const { images, truth } = await writePhotos(folder, IMAGES);
    const prompt = join(folder, 'prompt.txt');
    await writeFile(prompt, locatePrompt());
    const usage = join(folder, 'usage.json');
    let number = 0;
    const ours = (): Promise<Run> =>
      measure(usage, note, process.execPath, [
        '--import',
        join(here, 'support/report-usage.ts'),
        join(here, '../src/cli/main.ts'),
        'evaluate',
        `--benchmark=${truth}`,
        `--images=${images}`,
        `--model=${server.baseUrl}#bench`,
        `--concurrency=${CONCURRENCY}`,
        `--runs=${join(folder, 'runs')}`,
        `--run=run-${++number}`,
        '--quiet',
        '--json',
      ]);
    const peer = (): Promise<Run> =>
      measure(usage, note, python, [
        join(here, 'python/client.py'),
        server.baseUrl,
        truth,
        images,
        join(folder, 'out.csv'),
        String(MAX_PIXELS),
        prompt,
        usage,
      ]);
    const results = await interleaved(runs, { ours, peer });
    return summarize(results, await readFile(requirements, 'utf8'));
  } finally {
    server.stop();
    await rm(folder, { recursive: true });
  }
};

function summarize({ ours, peer }: { ours: Run[]; peer: Run[] }, requirements: string): Awaited<ReturnType<Bench>> {
  const ratioOf = (value: (run: Run) => number): number => medianOf(ours, value) / medianOf(peer, value);
  const side = (list: readonly Run[]): Run => ({
    imagesPerSecond: rounded(medianOf(list, (run) => run.imagesPerSecond)),
    cpuSeconds: rounded(medianOf(list, (run) => run.cpuSeconds)),
    memoryMiB: rounded(medianOf(list, (run) => run.memoryMiB)),
  });
  return {
    ratio: rounded(ratioOf(({ imagesPerSecond }) => imagesPerSecond)),
    ours: side(ours).imagesPerSecond,
    peer: side(peer).imagesPerSecond,
    unit: 'images/s',
    protocol: {
      images: IMAGES,
      sizes: SIZES.map(({ width, height }) => `${width} × ${height}`).join(' and '),
      server: `local, answers after ${LATENCY_MS} ms, shares the ${availableParallelism()} cores`,
      ours: `globe evaluate, whole process, concurrency ${CONCURRENCY}: decodes, orients, converts to sRGB, resizes to ${MAX_PIXELS} pixels (Lanczos 3), JPEG quality ${JPEG_QUALITY}, checks for metadata, asks, parses, geocodes, logs each image, scores, writes the reports`,
      peer: `Python, ${requirements.trim().replaceAll('\n', ', ')}, whole process, ThreadPoolExecutor(16): decodes, resizes to ${MAX_PIXELS} pixels (Lanczos), JPEG quality 90, asks, takes the answer by a regular expression, writes a CSV`,
    },
    more: {
      medians: { ours: side(ours), peer: side(peer) },
      cpuRatio: rounded(1 / ratioOf(({ cpuSeconds }) => cpuSeconds)),
      memoryRatio: rounded(1 / ratioOf(({ memoryMiB }) => memoryMiB)),
      all: { ours: ours.map((run) => side([run])), peer: peer.map((run) => side([run])) },
    },
  };
}

/** Runs a program that writes its CPU time and peak memory to the file `usage`. Throws if the program fails. */
async function measure(
  usage: string,
  note: (text: string) => void,
  command: string,
  args: readonly string[],
): Promise<Run> {
  const start = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BENCH_USAGE: usage },
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const [code] = (await once(child, 'exit')) as [number | null];
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${command} exited with code ${code}: ${errors}`);
  const resources = JSON.parse(await readFile(usage, 'utf8')) as Omit<Run, 'imagesPerSecond'>;
  const run = { imagesPerSecond: IMAGES / seconds, ...resources };
  note(
    `${command.split('/').at(-1)}: ${run.imagesPerSecond.toFixed(1)} images/s, ${run.cpuSeconds.toFixed(1)} CPU s, ${run.memoryMiB.toFixed(0)} MiB`,
  );
  return run;
}

async function startServer(): Promise<{ baseUrl: string; stop: () => void }> {
  const child = spawn(process.execPath, [join(here, 'support/latency-server.ts'), '--latency', String(LATENCY_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout }))
    return { baseUrl: line, stop: () => void child.kill() };
  throw new Error('The latency server exited before it printed its URL. Its error is above.');
}
