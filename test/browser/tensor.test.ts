/**
 * Checks that ONNX files written by src/tensor also run in a browser. The same program, with a training step and a
 * sampling loop, runs in onnxruntime-node and in Chromium's onnxruntime-web. Without Chromium, the test is skipped and
 * prints the reason.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { random } from '../../src/core/random.ts';
import * as t from '../../src/tensor/index.ts';
import type { HostArray, ProgramDefinition, Tensor } from '../../src/tensor/index.ts';

const CHROMIUM = process.env['GLOBE_CHROMIUM'] ?? '/usr/bin/chromium';
const available = existsSync(CHROMIUM);
if (!available) console.warn(`Skipped: no Chromium at ${CHROMIUM} (set GLOBE_CHROMIUM).`);

const WIDTH = 16;
const CLASSES = 12;
const CAPACITY = 8;

/**
 * A next-token model with one attention layer. The program takes a training step, and also samples six tokens in a loop
 * with the weights from before the step.
 */
function definition(): { program: ProgramDefinition; feeds: Record<string, HostArray> } {
  const shapes = { embedding: [CLASSES, WIDTH], scale: [WIDTH], qkv: [WIDTH, 3 * WIDTH], head: [WIDTH, CLASSES] };
  const w = {
    embedding: t.input('embedding', shapes.embedding),
    scale: t.input('scale', shapes.scale),
    qkv: t.input('qkv', shapes.qkv),
    head: t.input('head', shapes.head),
  };
  const project = (x: Tensor): readonly Tensor[] =>
    t.split(t.matmul(t.rmsNorm(x, w.scale), w.qkv), -1, [WIDTH, WIDTH, WIDTH]);

  const ids = t.input('ids', ['batch', 'sequence'], 'int32');
  const x = t.gather(w.embedding, ids);
  const [q, k, v] = project(x) as [Tensor, Tensor, Tensor];
  const seen = t.lessOrEqual(t.iota('sequence'), t.reshape(t.iota('sequence'), ['sequence', 1]));
  const scores = t.where(seen, t.matmul(q, k, { transposeB: true, scale: 1 / Math.sqrt(WIDTH) }), -1e9);
  const logits = t.matmul(t.gelu(t.add(x, t.matmul(t.softmax(scores), v))), w.head);
  const loss = t.neg(t.reduceMean(t.logProbability(logits, t.input('targets', ['batch', 'sequence'], 'int32'))));
  const grads = t.gradients(loss, Object.values(w));
  const named = Object.fromEntries(Object.keys(w).map((name, i) => [name, grads[i]!]));
  const { gradients, norm } = t.clipByGlobalNorm(named, 0.5);
  const updates = t.adamW({
    parameters: w,
    gradients,
    learningRate: t.input('learningRate', []),
    step: t.input('step', []),
  });

  // The state of the loop contains the keys and values of earlier tokens. The mask is 1 for positions up to the current
  // token.
  const empty = t.full(['batch', CAPACITY, WIDTH], 0);
  const { outputs } = t.loop({
    state: { token: t.reshape(t.slice(ids, 1, 0, 1), ['batch']), keys: empty, values: empty },
    iterations: 6,
    body: ({ token, keys, values }, i) => {
      const embedded = t.reshape(t.gather(w.embedding, token), ['batch', 1, WIDTH]);
      const [query, key, value] = project(embedded) as [Tensor, Tensor, Tensor];
      const here = t.reshape(t.cast(t.equal(t.iota(CAPACITY), i), 'float'), [CAPACITY, 1]);
      const cache = { keys: t.add(keys, t.mul(key, here)), values: t.add(values, t.mul(value, here)) };
      const all = t.matmul(query, cache.keys, { transposeB: true, scale: 1 / Math.sqrt(WIDTH) });
      const mixed = t.matmul(t.softmax(t.where(t.lessOrEqual(t.iota(CAPACITY), i), all, -1e9)), cache.values);
      const classes = t.reshape(t.matmul(t.gelu(t.add(embedded, mixed)), w.head), ['batch', CLASSES]);
      const drawn = t.uniform(t.add(t.input('seeds', ['batch'], 'int32'), i));
      const below = t.less(t.cumsum(t.softmax(classes), 1), t.reshape(drawn, ['batch', 1]));
      const next = t.minimum(t.reduceSum(t.cast(below, 'int32'), 1), CLASSES - 1);
      return { state: { token: next, ...cache }, outputs: { next } };
    },
  });
  const generator = random(1);
  const weights = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [
        name,
        t.float32(
          shape,
          Array.from({ length: size }, () => generator.normal() / 2),
        ),
      ];
    }),
  );
  const feeds = {
    ...weights,
    ...t.initialMoments(weights),
    ids: t.int32([2, 3], [1, 5, 7, 2, 2, 11]),
    targets: t.int32([2, 3], [5, 7, 0, 2, 11, 3]),
    seeds: t.int32([2], [100, 200]),
    learningRate: t.float32([], [0.01]),
    step: t.float32([], [1]),
  };
  return { program: { outputs: { loss, norm, sampled: outputs.next }, updates }, feeds };
}

/** The page that the browser opens. It runs the model on the feeds and writes the results as JSON into its title. */
const PAGE = `<!doctype html><script type="module">
  import * as ort from '/ort.wasm.min.mjs';
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/';
  const arrays = { float32: Float32Array, int32: Int32Array };
  try {
    const feeds = await (await fetch('/feeds.json')).json();
    const session = await ort.InferenceSession.create('/model.onnx');
    const tensors = feeds.map(({ name, dtype, shape, data }) => [name, new ort.Tensor(dtype, new arrays[dtype](data), shape)]);
    const results = await session.run(Object.fromEntries(tensors));
    document.body.textContent = JSON.stringify(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]])));
  } catch (error) {
    document.body.textContent = JSON.stringify({ error: String(error) });
  }
  document.title = 'done';
</script><body></body>`;

/** Serves the page, the model, its feeds, and the files of onnxruntime-web. */
async function serve(model: Uint8Array, feeds: string): Promise<{ server: Server; url: string }> {
  const dist = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url);
  const own: Record<string, readonly [string, string | Uint8Array]> = {
    '': ['text/html', PAGE],
    'feeds.json': ['application/json', feeds],
    'model.onnx': ['application/octet-stream', model],
  };
  const server = createServer((request, response) => {
    const name = basename(request.url ?? '');
    const file = new URL(name, dist);
    const type = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    const found = own[name] ?? (existsSync(file) ? ([type, readFileSync(file)] as const) : undefined);
    if (found === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', found[0]).end(found[1]);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test.skipIf(!available)(
  'a training step and a sampling loop give in Chromium what they give in Node',
  async () => {
    const { program, feeds } = definition();
    const store = new t.Store(feeds);
    await using compiled = await t.compile(program);
    const { loss, norm, sampled } = await compiled.run({}, store);

    const plain = Object.entries(feeds).map(([name, { dtype, shape, data }]) => ({
      name,
      dtype,
      shape,
      data: [...data],
    }));
    const { server, url } = await serve(t.toOnnx(program), JSON.stringify(plain));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(url);
      await page.waitForFunction("document.title === 'done'");
      const actual = JSON.parse(await page.innerText('body')) as Record<string, number[]>;
      expect(actual['error']).toBeUndefined();
      expect(actual['sampled']).toEqual([...sampled!.data]);
      for (const [name, expected] of Object.entries({ loss: loss!, norm: norm!, 'next.qkv': store.get('qkv') })) {
        for (const [i, value] of expected.data.entries()) expect(actual[name]![i]).toBeCloseTo(value, 5);
      }
    } finally {
      await browser.close();
      server.close();
    }
  },
  60_000,
);
