/**
 * `npm run check:overfit [-- --size small]` tests that the embedded model learns. A new model must reach a loss below
 * 0.05 per token and reproduce the answers to 64 images with greedy decoding, in under two minutes on 2 cores. The
 * script prints a line of JSON, and exits with 1 on failure.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { random, shuffled } from '../../src/core/random.ts';
import { warmupCosine } from '../../src/tensor/index.ts';
import { countParameters, initialParameters } from '../../src/nano/model/parameters.ts';
import { EmbeddedBackend } from '../../src/training/backends/embedded-backend.ts';
import { type NanoBackbone, nanoConfig, type NanoSize } from '../../src/nano/config.ts';
import { openTokenizer, tokenizerDocument } from '../../src/nano/tokenizer/tokenizer.ts';
import { parameterSpecs } from '../../src/nano/learning/graphs.ts';
import { trainBpe } from '../../src/nano/tokenizer/train-bpe.ts';
import { numberedImage } from '../../test/support/tiny-nano.ts';

const PAIRS = 64;
const BATCH = 32;
const LIMIT_SECONDS = 120;
const PROMPT = 'Where was this photo taken? Think first, then give country and city.';
const CLUES = [
  'the plates are yellow',
  'cars keep left',
  'the script is Cyrillic',
  'palms line the road',
  'the roofs are red',
  'poles are round',
  'the soil is red',
  'signs are blue',
];

type Country = { readonly name: { readonly common: string }; readonly capital: readonly string[] };
const countries = createRequire(import.meta.url)('world-countries') as readonly Country[];

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'small' },
    backbone: { type: 'string', default: 'vit' },
    steps: { type: 'string', default: '160' },
    rate: { type: 'string', default: '2e-3' },
  },
});
const steps = Number(values.steps);
const generator = random(1);
const answers = countries.slice(0, PAIRS).map(({ name, capital }, i) => {
  const clues = `${CLUES[i % 8]}, and ${CLUES[Math.floor(i / 8)]}`;
  return `<think>I see that ${clues}.</think><answer>country: ${name.common}\ncity: ${capital[0] ?? name.common}</answer>`;
});
const tokenizer = openTokenizer(tokenizerDocument(trainBpe([...answers, PROMPT], { vocabularySize: 768 })));
const config = nanoConfig({
  size: values.size as NanoSize,
  backbone: values.backbone as NanoBackbone,
  vocabularySize: tokenizer.size,
});
const parameters = initialParameters(parameterSpecs(config), 1);
await using backend = new EmbeddedBackend({ config, tokenizer, parameters, optimizer: { maxGradientNorm: 1 } });
const schedule = warmupCosine({ peak: Number(values.rate), warmupSteps: 20, totalSteps: steps });
const prompt = backend.promptTokens({ prompt: PROMPT, image: true });
const pairs = await Promise.all(
  answers.map(async (answer, i) => ({
    prompt: { image: await numberedImage(i * 61 + 7), tokens: prompt },
    tokens: backend.answerTokens(answer),
    answer,
  })),
);

const started = performance.now();
let loss = Infinity;
let step = 0;
let order: typeof pairs = [];
let sum = 0;
for (; step < steps; step++) {
  if (order.length === 0) order = shuffled(pairs, generator);
  const batch = order.splice(0, BATCH);
  const tokens = batch.reduce((count, pair) => count + pair.tokens.length, 0);
  const data = batch.map((pair) => ({ ...pair, lossInputs: { weights: pair.tokens.map(() => 1 / tokens) } }));
  sum += (await backend.forwardBackward(data, { name: 'cross_entropy' })).loss;
  await backend.optimStep({ learningRate: schedule(step) });
  if (order.length > 0) continue;
  loss = sum / (PAIRS / BATCH);
  sum = 0;
  if (step % 10 === 1) process.stderr.write(`step ${step + 1}: loss ${loss.toFixed(4)}\n`);
  if (loss < 0.03) break;
}
const samples = await backend.sample(
  pairs.map((pair) => ({ prompt: pair.prompt, samples: 1, parameters: { maxTokens: 100, temperature: 0, seed: 1 } })),
);
const reproduced = samples.filter(
  ([sample], i) => tokenizer.decode(sample!.tokens, { controls: false }) === pairs[i]!.answer,
).length;
const seconds = (performance.now() - started) / 1000;
const passed = loss < 0.05 && reproduced === PAIRS && seconds < LIMIT_SECONDS;
process.stdout.write(
  `${JSON.stringify({ passed, loss, reproduced, pairs: PAIRS, steps: step + 1, seconds, parameters: countParameters(parameterSpecs(config)), size: values.size, backbone: values.backbone })}\n`,
);
process.exitCode = passed ? 0 : 1;
