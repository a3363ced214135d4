import { describe, expect, it } from 'vitest';
import { openGazetteer } from '../gazetteer/open.ts';
import type { Grounder } from '../grounding/grounding.ts';
import { LOCALIZABILITY_PROMPT_VERSION, REFERENCE_LOCALIZABILITY_QUESTION } from '../prompts/localizability-prompt.ts';
import type { GenerateRequest, VisionModel } from '../vision/vision-model.ts';
import type { RewardWeights } from './reward-definition.ts';
import { createReward } from './create-reward.ts';

const gazetteer = openGazetteer();
const grounder: Grounder = { entities: () => [], claims: () => [], match: () => [] };
const length = { maxTokens: 100, bufferTokens: 20 };

describe('createReward', () => {
  it.each<[RewardWeights, string]>([
    [{}, 'no reward has a weight above 0'],
    [{ accuracy: 0, visual: 0 }, 'no reward has a weight above 0'],
    [{ accuracy: 1, visual: -0.5 }, 'the weight of visual is -0.5'],
    [{ accuracy: Number.NaN }, 'the weight of accuracy is NaN'],
    [{ accuracy: 1, localizability: 0.5 }, 'weight 0.5 but no judge'],
    [{ accuracy: 1, length: 0.5 }, 'weight 0.5 but no limits'],
    [{ accuracy: 1, beauty: 1 }, 'unknown reward "beauty"; the rewards are accuracy, localizability'],
  ])('refuses the weights %j', (weights, problem) => {
    expect(() => createReward({ mode: 'paper', weights, gazetteer, grounder })).toThrow(problem);
  });

  it.each(['paper', 'reference', 'distance'] as const)('scores length in mode %s', async (mode) => {
    const reward = createReward({ mode, weights: { length: 2 }, gazetteer, grounder, length });
    const row = { id: '1', completion: '', truth: { country: 'Finland' }, completionTokens: 90 };
    const [scored] = await reward.score([row], { signal: new AbortController().signal });
    expect(scored?.total).toEqual({ kind: 'scored', value: -1 });
  });
});

describe('the reward of each name and mode', () => {
  const judge: VisionModel = { name: 'judge', generate: async () => [] };
  const all = { accuracy: 1, localizability: 1, visual: 1, format: 1, length: 1 };
  it.each([
    [
      'paper',
      `1·accuracy/paper/alpha=0.5 + 1·localizability/judge/${LOCALIZABILITY_PROMPT_VERSION} + 1·visual/paper + 1·format/strict`,
    ],
    [
      'distance',
      `1·accuracy/distance/steps + 1·localizability/judge/${LOCALIZABILITY_PROMPT_VERSION} + 1·visual/paper + 1·format/strict`,
    ],
    ['reference', '1·accuracy/reference + 1·localizability/reference/judge + 1·visual/reference + 1·format/reference'],
  ] as const)('in mode %s is %s, and length', (mode, names) => {
    const shape = { kind: 'steps', steps: [[1, 1]] } as const;
    const reward = createReward({ mode, weights: all, gazetteer, grounder, judge, length, alpha: 0.5, shape });
    expect(reward.name).toBe(`${names} + 1·length/soft-overlong/100-20`);
    expect(reward.weights).toBe(all);
  });

  it('sends the release’s question to the judge in mode reference', async () => {
    const requests: GenerateRequest[] = [];
    const recordingJudge: VisionModel = {
      name: 'judge',
      generate: async (request) => {
        requests.push(request);
        return [];
      },
    };
    const reward = createReward({
      mode: 'reference',
      weights: { localizability: 1 },
      gazetteer,
      grounder,
      judge: recordingJudge,
    });
    const image = {
      bytes: new Uint8Array(),
      mediaType: 'image/png',
      widthPixels: 1,
      heightPixels: 1,
      sha256: 'a',
    } as const;
    const row = { id: '1', completion: 'text', truth: { country: 'Finland' }, image };
    await reward.score([row], { signal: new AbortController().signal });
    expect(requests).toMatchObject([{ system: REFERENCE_LOCALIZABILITY_QUESTION, prompt: 'text' }]);
  });

  it('passes the guards to the visual reward', async () => {
    const one: Grounder = {
      entities: () => [{ text: 'tree', lemma: 'tree', head: 'tree' }],
      claims: () => [],
      match: (entities, { elements }) => [{ entity: entities[0]!, element: elements[0]!, matchedBy: 'phrase' }],
    };
    const row = { id: '1', completion: 'A tree.', truth: { country: '' }, elements: [{ label: 'tree', share: 1 }] };
    const guards = { fewestEntities: 4, mostEntities: 20, repeatedShareAllowed: 1 };
    const reward = createReward({ mode: 'paper', weights: { visual: 1 }, gazetteer, grounder: one, guards });
    const [scored] = await reward.score([row], { signal: new AbortController().signal });
    expect(scored?.total).toEqual({ kind: 'scored', value: 0.25 });
  });
});
