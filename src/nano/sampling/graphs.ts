/**
 * Defines the two programs of sampling. One processes prompts. The other generates one token for every running
 * sequence, from the cached keys and values of its earlier tokens.
 */
import {
  add,
  addDims,
  argmax,
  cast,
  concat,
  cumsum,
  type Dim,
  gather,
  input,
  iota,
  lessOrEqual,
  log,
  logSoftmax,
  minimum,
  mul,
  multiplyDims,
  pad,
  type ProgramDefinition,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
  takeAlong,
  type Tensor,
} from '../../tensor/index.ts';
import { type NanoConfig } from '../config.ts';
import { decode, decoderHeads, embedTokens, logitsOf, positionTable } from '../model/decoder.ts';
import { readPrompts } from '../model/forward.ts';
import { newParameters, type Parameters } from '../model/parameters.ts';
import { rotaryTables } from '../model/rotary.ts';
import { turn } from '../model/attention.ts';
import { promptInputs } from '../learning/graphs.ts';
import { attendCached, cacheMask } from './cached-attention.ts';

/** Returns the names of a layer's two caches. */
export const cacheNames = (layer: number): readonly [keys: string, values: string] => [
  `keys.${layer}`,
  `values.${layer}`,
];

type Distributions = { readonly logprobs: Tensor; readonly probabilities: Tensor };

/**
 * Computes two distributions of the next token [rows, vocabulary]: `logprobs` at temperature 1, and `probabilities` at
 * each row's own temperature. The input `sharpness` [rows] is the reciprocal of the temperature.
 */
function distributions(p: Parameters, hidden: Tensor, config: NanoConfig): Distributions {
  const logits = logitsOf(p.within('decoder'), hidden, config);
  const rows = hidden.shape[0]!;
  const sharpness = input('sharpness', [rows]);
  return { logprobs: logSoftmax(logits), probabilities: softmax(mul(logits, reshape(sharpness, [rows, 1]))) };
}

/**
 * Processes prompts that are padded on the right. The input `last` (int32 [prompts]) is the flat index of each prompt's
 * last position. Outputs: `logprobs` and `probabilities` of the first new token [prompts, vocabulary], and the keys and
 * values of all positions, including image tokens [prompts, keyValueHeads, length, headWidth].
 */
export function promptGraph(config: NanoConfig, images: boolean): ProgramDefinition {
  const p = newParameters();
  const inputs = promptInputs(config, { images });
  const { hidden, layers, prefix } = readPrompts(p, inputs, config);
  const [prompts, length] = inputs.tokens.shape as [Dim, Dim];
  const text = slice(hidden, 1, prefix, addDims(prefix, length));
  const rows = reshape(text, [multiplyDims(prompts, length), config.decoder.width]);
  const ends = gather(rows, input('last', ['prompts'], 'int32'));
  const caches = layers.flatMap(({ keys, values }, i) => {
    const [keyName, valueName] = cacheNames(i);
    return [
      [keyName, keys],
      [valueName, values],
    ];
  });
  return { outputs: { ...distributions(p, ends, config), ...Object.fromEntries(caches) } };
}

/**
 * How the next token is chosen. 'drawn': the graph draws at temperature 1. 'tempered': the graph draws at each row's
 * own temperature. 'greedy': the graph takes the most likely token. 'caller': the caller chooses from the returned
 * distributions.
 */
export type Choice = 'drawn' | 'tempered' | 'greedy' | 'caller';

/**
 * Generates one token per sequence.
 *
 * Inputs: `tokens` int32 [batch], `lengths` int32 [batch] (number of cached positions), and the caches of `capacity`
 * positions. Drawing also needs `uniform` [batch], random numbers in [0, 1).
 *
 * Outputs: `appended` [2 * layers, batch, keyValueHeads * headWidth], the new keys and then the new values of each
 * layer. If the graph chooses, `token` int32 [batch] and `logprob` [batch]. If the caller chooses, `logprobs` and
 * `probabilities` [batch, vocabulary].
 */
export function stepGraph(config: NanoConfig, { choice }: { choice: Choice }): ProgramDefinition {
  const p = newParameters();
  const decoder = p.within('decoder');
  const shared = decoderHeads(config);
  const { keyValueHeads, headWidth } = shared;
  const lengths = input('lengths', ['batch'], 'int32');
  const mask = cacheMask(lengths);
  const tokens = embedTokens(decoder, input('tokens', ['batch'], 'int32'), config);
  const embedded = reshape(tokens, ['batch', 1, config.decoder.width]);
  const learned = config.decoder.positions === 'learned';
  const placed = learned
    ? add(embedded, reshape(gather(positionTable(decoder, config), lengths), embedded.shape))
    : embedded;
  const rotary = learned
    ? undefined
    : rotaryTables({ contextTokens: config.contextTokens, headWidth }, reshape(lengths, ['batch', 1]));
  const appended: Tensor[] = [];
  const hidden = decode(decoder, placed, config, (projected, layer) => {
    const [keyName, valueName] = cacheNames(layer);
    const { queries: query, keys: key, values: value } = turn(projected, shared, rotary);
    const row = [1, 'batch', keyValueHeads * headWidth];
    appended.push(reshape(key, row), reshape(value, row));
    const cached = ['batch', keyValueHeads, 1, 'capacity', headWidth];
    const keys = input(keyName, cached);
    const values = input(valueName, cached);
    return attendCached({ ...shared, query, key, value, keys, values, mask });
  });
  const rows = reshape(hidden, ['batch', config.decoder.width]);
  return { outputs: { appended: concat(appended, 0), ...next(p, rows, config, choice) } };
}

function next(p: Parameters, hidden: Tensor, config: NanoConfig, choice: Choice): Record<string, Tensor> {
  if (choice === 'drawn') {
    const probabilities = softmax(logitsOf(p.within('decoder'), hidden, config));
    const token = drawn(probabilities, config);
    return { token, logprob: log(atToken(probabilities, token)) };
  }
  const found = distributions(p, hidden, config);
  if (choice === 'caller') return found;
  const token = choice === 'tempered' ? drawn(found.probabilities, config) : argmax(found.logprobs, -1);
  return { token, logprob: atToken(found.logprobs, token) };
}

/**
 * Number of tokens per block. Drawing first finds a block, then a token in the block, which avoids a running sum over
 * all tokens.
 */
const BLOCK = 64;

/**
 * Draws in the graph. Returns the token at which the running sum of probabilities exceeds the input `uniform` [batch],
 * which is in [0, 1). The program then outputs two numbers per sequence instead of two rows of the vocabulary's size.
 */
function drawn(probabilities: Tensor, config: NanoConfig): Tensor {
  const blocks = Math.ceil(config.vocabularySize / BLOCK);
  const missing = blocks * BLOCK - config.vocabularySize;
  const padded = missing === 0 ? probabilities : pad(probabilities, -1, { after: missing });
  const byBlock = reshape(padded, ['batch', blocks, BLOCK]);
  const masses = cumsum(reduceSum(byBlock, -1), -1);
  const sought = mul(reshape(input('uniform', ['batch']), ['batch', 1]), slice(masses, -1, blocks - 1, blocks));
  const block = passed(masses, sought);
  const place = add(mul(iota('batch'), blocks), block);
  const inside = cumsum(gather(reshape(byBlock, [multiplyDims('batch', blocks), BLOCK]), place), -1);
  const before = takeAlong(pad(masses, -1, { before: 1 }), reshape(block, ['batch', 1]), -1);
  // The block's last running sum can be slightly below the block's total, because the two sums add in different orders.
  // The limit keeps `within` below the last running sum.
  const within = minimum(sub(sought, before), mul(slice(inside, -1, BLOCK - 1, BLOCK), ALMOST_ONE));
  return add(mul(block, BLOCK), passed(inside, within));
}

/** Below 1 by more than float32's rounding error, so that a sum times this factor is always less than the sum. */
const ALMOST_ONE = 1 - 2 ** -22;

/** Counts, in each row, the running sums that are at most the sought value. int32 [batch] */
const passed = (sums: Tensor, sought: Tensor): Tensor =>
  cast(reduceSum(cast(lessOrEqual(sums, sought), 'float'), -1), 'int32');

/** Returns each row's element at the row's token. [batch] */
const atToken = (rows: Tensor, token: Tensor): Tensor =>
  reshape(takeAlong(rows, reshape(token, ['batch', 1]), -1), ['batch']);
