/**
 * Compares the model, its losses, all gradients and the optimizer with PyTorch, starting from the same weights
 * (scripts/build/fixtures/nano_reference.py).
 */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { PreparedImage } from '../../image/prepared-image.ts';
import { float32, type HostArray, readSafetensors } from '../../tensor/index.ts';
import { imageTokens, type NanoConfig, parseNanoConfig } from '../config.ts';
import { type LossSequence, NanoTrainer } from './trainer.ts';

type Report = {
  readonly config: unknown;
  readonly sequences: readonly { promptTokens: number[]; completionTokens: number[] }[];
  readonly imageOf: readonly number[];
  readonly logprobs: readonly number[];
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly losses: Readonly<Record<string, number>>;
  readonly adamw: { readonly settings: Readonly<Record<string, number>>; readonly losses: readonly number[] };
};

const open: NanoTrainer[] = [];
afterAll(() => Promise.all(open.map((trainer) => trainer.dispose())));

function fixture(backbone: string) {
  const file = (extension: string): Buffer =>
    readFileSync(new URL(`../fixtures/nano-${backbone}.${extension}`, import.meta.url));
  const report = JSON.parse(file('json').toString()) as Report;
  const { arrays } = readSafetensors(file('safetensors'));
  const config = parseNanoConfig(report.config);
  const named = (prefix: string): Record<string, HostArray> =>
    Object.fromEntries(
      Object.entries(arrays)
        .filter(([name]) => name.startsWith(`${prefix}.`))
        .map(([name, array]) => [name.slice(prefix.length + 1), array]),
    );
  const data = sequencesOf(report);
  const trainer = (): NanoTrainer => newTrainer(config, named('parameter'), arrays['patches']!, report);
  return { report, data, named, trainer };
}

function sequencesOf({ sequences, imageOf, inputs }: Report): LossSequence[] {
  let at = 0;
  return sequences.map((sequence, i) => {
    const end = at + sequence.completionTokens.length;
    const own = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values.slice(at, end)]));
    at = end;
    return { ...sequence, image: imageNumbered(imageOf[i]!), inputs: own };
  });
}

const imageNumbered = (number: number): PreparedImage => ({
  bytes: new Uint8Array(),
  mediaType: 'image/png',
  widthPixels: 8,
  heightPixels: 8,
  sha256: String(number),
});

function newTrainer(
  config: NanoConfig,
  parameters: Record<string, HostArray>,
  patches: HostArray,
  { adamw }: Report,
): NanoTrainer {
  const values = patches.data.length / patches.shape[0]!;
  const { learningRate: _, ...optimizer } = adamw.settings;
  const trainer = new NanoTrainer({
    config,
    parameters,
    optimizer,
    threads: 1,
    readPatches: async ({ sha256 }) =>
      float32([values], patches.data.slice(Number(sha256) * values, (Number(sha256) + 1) * values))
        .data as Float32Array,
  });
  open.push(trainer);
  return trainer;
}

/**
 * Returns the largest difference divided by the largest expected magnitude. Dividing each difference by its own value
 * would fail near zero: sums of cancelling terms have no significant digits there.
 */
function relativeDifference(actual: HostArray, expected: HostArray): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < expected.data.length; i++) {
    difference = Math.max(difference, Math.abs(actual.data[i]! - expected.data[i]!));
    scale = Math.max(scale, Math.abs(expected.data[i]!));
  }
  return difference / scale;
}

describe.each(['vit', 'mixer'])('the %s backbone', (backbone) => {
  const { report, data, named, trainer } = fixture(backbone);

  it('matches PyTorch in log-probabilities', async () => {
    const logprobs = (await trainer().computeLogprobs(data)).flat();
    for (const [i, expected] of report.logprobs.entries()) expect(logprobs[i]).toBeCloseTo(expected, 4);
  });

  it.each(['cross_entropy', 'importance_sampling', 'ppo'])(
    'matches PyTorch in the loss %s and every gradient',
    async (loss) => {
      const model = trainer();
      const result = await model.forwardBackward(data, { loss });
      expect(Math.abs(result.loss / report.losses[loss]! - 1)).toBeLessThan(1e-4);
      const { arrays } = model.state();
      for (const [name, expected] of Object.entries(named(loss))) {
        expect(relativeDifference(arrays[`gradient.${name}`]!, expected), name).toBeLessThan(1e-4);
      }
    },
  );

  it('adds up gradients over batches', async () => {
    const model = trainer();
    for (const sequence of data) await model.forwardBackward([sequence], { loss: 'ppo' });
    const { arrays } = model.state();
    for (const [name, expected] of Object.entries(named('ppo'))) {
      expect(relativeDifference(arrays[`gradient.${name}`]!, expected), name).toBeLessThan(1e-4);
    }
  });

  it('reads a prompt once for several completions with the same result', async () => {
    const [first, second, third] = data as [LossSequence, LossSequence, LossSequence];
    const { image, promptTokens } = first;
    const group = [first, { ...second, image: image!, promptTokens }, { ...third, promptTokens: [39] }, third];
    const [together, apart] = [trainer(), trainer()];
    const { logprobs } = await together.forwardBackward(group, { loss: 'ppo' });
    const alone: number[][] = [];
    for (const sequence of group) {
      const one = await apart.forwardBackward([sequence], { loss: 'ppo' });
      alone.push([...one.logprobs[0]!]);
    }
    for (const [i, row] of alone.entries()) {
      for (const [t, value] of row.entries()) expect(logprobs[i]![t]).toBeCloseTo(value, 5);
    }
    const [shared, summed] = [together.state().arrays, apart.state().arrays];
    for (const name of Object.keys(named('ppo'))) {
      expect(relativeDifference(shared[`gradient.${name}`]!, summed[`gradient.${name}`]!), name).toBeLessThan(1e-4);
    }
  });

  it('accepts a sequence that fills the context, with padding beyond it', async () => {
    const { contextTokens } = trainer().config;
    const { image, promptTokens } = data[0]!;
    const room = contextTokens - imageTokens(trainer().config) - promptTokens.length + 1;
    expect(room % 4).not.toBe(0);
    const completionTokens = Array.from({ length: room }, (_, i) => 9 + ((i * 7) % 30));
    const whole = { image: image!, promptTokens, completionTokens };
    const [full, part] = await trainer().computeLogprobs([
      whole,
      { ...whole, completionTokens: completionTokens.slice(0, 12) },
    ]);
    expect(full).toHaveLength(room);
    for (const [t, value] of part!.entries()) expect(full![t]).toBeCloseTo(value, 5);
    expect(full!.every((value) => Number.isFinite(value) && value < 0)).toBe(true);
  });

  it('agrees with PyTorch after 100 steps of AdamW with clipping', async () => {
    const model = trainer();
    for (const expected of report.adamw.losses) {
      const { loss } = await model.forwardBackward(data, { loss: 'cross_entropy' });
      expect(Math.abs(loss / expected - 1)).toBeLessThan(1e-4);
      model.optimStep({ learningRate: report.adamw.settings['learningRate']! });
    }
    const parameters = model.parameters();
    for (const [name, expected] of Object.entries(named('adamw'))) {
      expect(relativeDifference(parameters[name]!, expected), name).toBeLessThan(1e-4);
    }
  });
});
