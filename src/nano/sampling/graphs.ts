/**
 * The two programs of sampling: reading prompts, and one more token for every running sequence, for which keys and values of the
 * earlier ones are kept.
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
  greaterOrEqual,
  input,
  less,
  lessOrEqual,
  logSoftmax,
  mul,
  multiplyDims,
  or,
  type ProgramDefinition,
  reduceSum,
  reshape,
  slice,
  softmax,
  split,
  takeAlong,
  type Tensor,
  transpose,
  where,
} from '../../tensor/index.ts';
import { type NanoConfig } from '../config.ts';
import { decode, decoderHeads, embedTokens, logitsOf, positionTable } from '../model/decoder.ts';
import { hiddenStates } from '../model/forward.ts';
import { newParameters, type Parameters } from '../model/parameters.ts';
import { rotaryTables, rotate } from '../model/rotary.ts';
import { forwardInputs } from '../learning/graphs.ts';
import { attendCached, cacheMask } from './cached-attention.ts';

/** Names of a layer's cached keys and values. */
export const cacheNames = (layer: number): readonly [keys: string, values: string] => [
  `keys.${layer}`,
  `values.${layer}`,
];

type Distributions = { readonly logprobs: Tensor; readonly probabilities: Tensor };

/**
 * What the next token is drawn from: `logprobs` [rows, vocabulary] of the model itself, and `probabilities` at each row's temperature,
 * whose reciprocal is the input `sharpness` [rows].
 */
function distributions(p: Parameters, hidden: Tensor, config: NanoConfig): Distributions {
  const logits = logitsOf(p.within('decoder'), hidden, config);
  const rows = hidden.shape[0]!;
  const sharpness = input('sharpness', [rows]);
  return { logprobs: logSoftmax(logits), probabilities: softmax(mul(logits, reshape(sharpness, [rows, 1]))) };
}

/**
 * Reads prompts, padded on the right. Input `last` int32 [batch] is each prompt's last position, counted through the batch. Outputs:
 * `logprobs` and `probabilities` of the first token [batch, vocabulary], and what the cache keeps of every position, image included:
 * keys [batch, keyValueHeads, headWidth, length], values [batch, keyValueHeads, length, headWidth].
 */
export function promptGraph(config: NanoConfig, images: boolean): ProgramDefinition {
  const p = newParameters();
  const inputs = forwardInputs(config, { images });
  const { hidden, layers, prefix } = hiddenStates(p, inputs, config);
  const [batch, length] = inputs.tokens.shape as [Dim, Dim];
  const text = slice(hidden, 1, prefix, addDims(prefix, length));
  const rows = reshape(text, [multiplyDims(batch, length), config.decoder.width]);
  const ends = gather(rows, input('last', ['batch'], 'int32'));
  const caches = layers.flatMap(({ keys, values }, i) => {
    const [keyName, valueName] = cacheNames(i);
    return [
      [keyName, transpose(keys, [0, 1, 3, 2])],
      [valueName, values],
    ];
  });
  return { outputs: { ...distributions(p, ends, config), ...Object.fromEntries(caches) } };
}

/**
 * One token further. Inputs: `tokens` int32 [batch], `lengths` int32 [batch] (positions in the cache so far), the caches with room for
 * `capacity` positions. Output `appended` [2 * layers, batch, keyValueHeads * headWidth]: per layer the new keys, then the new values.
 * With `draw: true` also input `uniform` [batch], and outputs `token` int32 and `logprob` [batch]; input `uniform` -1 takes the most
 * likely token. Otherwise outputs `logprobs` and `probabilities` [batch, vocabulary].
 */
export function stepGraph(config: NanoConfig, { draw }: { draw: boolean }): ProgramDefinition {
  const p = newParameters();
  const decoder = p.within('decoder');
  const shared = decoderHeads(config);
  const { heads, keyValueHeads, headWidth } = shared;
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
  const hidden = decode(decoder, placed, config, (packed, layer) => {
    const [keyName, valueName] = cacheNames(layer);
    const width = keyValueHeads * headWidth;
    const [queriesKeys, value] = split(packed, -1, [heads * headWidth + width, width]) as [Tensor, Tensor];
    const turned = rotary === undefined ? queriesKeys : rotate(queriesKeys, rotary, heads + keyValueHeads);
    const [query, key] = split(turned, -1, [heads * headWidth, width]) as [Tensor, Tensor];
    appended.push(reshape(key, [1, 'batch', width]), reshape(value, [1, 'batch', width]));
    const keys = input(keyName, ['batch', keyValueHeads, headWidth, 'capacity']);
    const values = input(valueName, ['batch', keyValueHeads, 'capacity', headWidth]);
    return attendCached({ ...shared, query, key, value, keys, values, mask });
  });
  const found = distributions(p, reshape(hidden, ['batch', config.decoder.width]), config);
  return { outputs: { appended: concat(appended, 0), ...(draw ? drawn(found, config) : found) } };
}

/** Draws in the graph, so that two numbers per sequence come back instead of two rows. */
function drawn({ logprobs, probabilities }: Distributions, config: NanoConfig): Record<string, Tensor> {
  const uniform = reshape(input('uniform', ['batch']), ['batch', 1]);
  const sums = cumsum(probabilities, -1);
  const total = slice(sums, -1, config.vocabularySize - 1, config.vocabularySize);
  const passed = where(lessOrEqual(sums, mul(uniform, total)), 1, 0);
  const count = reduceSum(passed, -1);
  const likeliest = argmax(logprobs, -1);
  // Greedy, or a draw so close to 1 that rounding put it past the last token.
  const fallback = or(less(reshape(uniform, ['batch']), 0), greaterOrEqual(count, config.vocabularySize));
  const token = where(fallback, likeliest, cast(count, 'int32'));
  const logprob = reshape(takeAlong(logprobs, reshape(token, ['batch', 1]), -1), ['batch']);
  return { token, logprob };
}
