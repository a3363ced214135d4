/** Splits the work of a call over worker threads. */
import type { NanoConfig } from '../config.ts';
import { imagePatches, imageTokens } from '../config.ts';
import { paddedLength, promptKey, type Sequence } from '../learning/batch.ts';
import type { SampleRequest } from '../sampling/requests.ts';

export type SampleShare = {
  /** Index of the original request, of which `part` is a part. */
  readonly request: number;
  readonly part: SampleRequest;
};

/** Splits the sequences of all requests, in order, into `count` shares of similar size. */
export function shareRequests(requests: readonly SampleRequest[], count: number): SampleShare[][] {
  const total = requests.reduce((sum, { samples }) => sum + samples, 0);
  const size = Math.max(1, Math.ceil(total / count));
  const shares: SampleShare[][] = Array.from({ length: count }, () => []);
  let at = 0;
  for (const [request, whole] of requests.entries()) {
    // A request for 0 samples is also put into a share, because the sampler reports it as invalid.
    for (let done = 0; done < whole.samples || done === 0;) {
      const share = Math.min(Math.floor(at / size), count - 1);
      const samples = Math.min(whole.samples - done, (share + 1) * size - at);
      shares[share]!.push({ request, part: { ...whole, samples, firstSample: (whole.firstSample ?? 0) + done } });
      if (samples <= 0) break;
      done += samples;
      at += samples;
    }
  }
  return shares;
}

/** Indices of sequences with the same prompt. */
type Group = readonly number[];

/**
 * Splits sequences into `count` shares of similar cost. A share is a list of indices in ascending order. Sequences with
 * the same prompt stay in one share, because the prompt is then computed only once; they are split only if there are
 * fewer prompts than shares. The result depends only on the sequences' lengths and prompts.
 */
export function shareSequences(sequences: readonly Sequence[], config: NanoConfig, count: number): number[][] {
  const cost = (group: Group): number =>
    costOf(
      group.map((i) => sequences[i]!),
      config,
    );
  const groups: Group[] = [...Map.groupBy(sequences.keys(), (i) => promptKey(sequences[i]!)).values()];
  while (groups.length < count) {
    const largest = groups.reduce((most, group, i) => (group.length > groups[most]!.length ? i : most), 0);
    const group = groups[largest];
    if (group === undefined || group.length === 1) break;
    const half = Math.ceil(group.length / 2);
    groups.splice(largest, 1, group.slice(0, half), group.slice(half));
  }
  // Assigns the most expensive groups first. Each group goes to the share with the least work so far.
  const shares = Array.from({ length: count }, () => ({ cost: 0, indices: [] as number[] }));
  const byCost = groups.map((group) => ({ group, cost: cost(group) })).toSorted((a, b) => b.cost - a.cost);
  for (const { group, cost: more } of byCost) {
    const share = shares.reduce((least, other) => (other.cost < least.cost ? other : least));
    share.cost += more;
    share.indices.push(...group);
  }
  return shares.map(({ indices }) => indices.toSorted((a, b) => a - b));
}

/**
 * Returns the number of decoder positions, with padding, that a group with one prompt computes. Patches are converted
 * to decoder positions by the encoder's size.
 */
function costOf(group: readonly Sequence[], config: NanoConfig): number {
  const { vision, decoder } = config;
  const { image, promptTokens } = group[0]!;
  const ofPatch = (vision.layers * vision.width ** 2) / (decoder.layers * decoder.width ** 2);
  const ofImage = image === undefined ? 0 : imageTokens(config) + imagePatches(config) * ofPatch;
  const lengths = group.map(({ completionTokens }) => paddedLength(completionTokens.length));
  return ofImage + paddedLength(promptTokens.length - 1) + lengths.reduce((sum, length) => sum + length, 0);
}
