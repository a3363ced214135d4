import { describe, expect, it } from 'vitest';
import { drawnWorld } from '../../../test/support/miniature-world.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { DESCRIBE_PROMPT } from '../../miniature/corpora/descriptions.ts';
import type { SceneTruth } from '../../miniature/truth.ts';
import { locateTarget } from '../../prompts/locate-prompt.ts';
import type { AnsweringBackend } from '../../training/backends/training-backend.ts';
import type { TrainingExample } from '../../training/training-example.ts';
import { probe, type ProbeReport } from './probe.ts';

const world = drawnWorld({ scenes: 60, seed: 3 });
const gazetteer = openGazetteer();
const bytes = new TextEncoder();
const text = new TextDecoder();
const photos = world.scenes.map((scene): TrainingExample => ({
  id: scene.id,
  image: {
    bytes: new Uint8Array(),
    mediaType: 'image/png',
    widthPixels: 96,
    heightPixels: 96,
    sha256: scene.preparedSha256,
  },
  truth: { country: scene.country, countryCode: scene.countryCode, city: scene.city, geonameId: scene.geonameId },
  truthCoordinate: { latitudeDegrees: scene.latitudeDegrees, longitudeDegrees: scene.longitudeDegrees },
}));

/** A model in memory. Its tokens are bytes. `answer` returns the completion for a scene and a prompt. */
function model(answer: (scene: SceneTruth, prompt: string, sample: number) => string): AnsweringBackend {
  return {
    tokenizer: {
      encode: (value) => [...bytes.encode(value)],
      decode: (tokens) => text.decode(Uint8Array.from(tokens)),
    },
    promptTokens: ({ prompt }) => [...bytes.encode(`${prompt}\n`)],
    sample: async (queries) =>
      queries.map(({ prompt, samples }) =>
        Array.from({ length: samples }, (_, sample) => {
          const scene = world.sceneOf(prompt.image!);
          const tokens = [...bytes.encode(answer(scene, text.decode(new Uint8Array(prompt.tokens)), sample))];
          return { tokens, logprobs: tokens.map(() => 0), finishReason: 'stop' as const };
        }),
      ),
  };
}

const report = (backend: AnsweringBackend): Promise<ProbeReport> =>
  probe({
    backend,
    gazetteer,
    world,
    photos,
    prompt: 'short',
    maxTokens: 100,
    samples: 4,
    seed: 1,
    signal: new AbortController().signal,
  });
const rest = ({ country, city }: { country: string; city: string }): string =>
  locateTarget({ reasoning: '', country, city }).replace('<think>', '');
const described = (scene: SceneTruth): string => scene.elements.map(({ label }) => `I see a ${label}.`).join(' ');

describe('probe', () => {
  it('measures a model that reads the photo and ignores its own evidence', async () => {
    const result = await report(
      model((scene, prompt) => (prompt.startsWith(DESCRIBE_PROMPT) ? described(scene) : `<think>${rest(scene)}`)),
    );
    for (const share of [result.greedy, result.greedyCountry, result.majority, result.passAtAll, result.toldCountry]) {
      expect(share?.value).toBe(1);
    }
    expect(result.passAt1).toBe(1);
    expect(result.followedCues?.value).toBe(0);
    expect([result.cueRecall?.value, result.landmarkRecall?.value, result.invented?.value]).toEqual([1, 1, 0]);
    expect(result.ideal!.value).toBeLessThan(1);
  });

  it('measures a model that answers with the country of the cues that it is told', async () => {
    // The prompt ends with the cues of another photo. `named` finds the scene that these cues belong to.
    const telling = world.scenes.filter(({ difficulty }) => difficulty !== 'not-localizable');
    const named = (prompt: string): SceneTruth | undefined =>
      telling.find(({ cues }) => {
        const own = cues.filter(({ misleading }) => !misleading);
        const clauses = prompt.split('<think>')[1]?.split('. ') ?? [];
        return clauses.length === own.length && own.every(({ element }) => prompt.includes(element));
      });
    const result = await report(
      model((scene, prompt) =>
        prompt.startsWith(DESCRIBE_PROMPT) ? 'I see nothing.' : `</think>${rest(named(prompt) ?? scene)}`,
      ),
    );
    expect(result.followedCues!.value).toBeGreaterThan(0.7);
    expect([result.cueRecall?.value, result.landmarkRecall?.value]).toEqual([0, 0]);
  });

  it('counts samples, their best and their majority apart', async () => {
    const nowhere = { country: 'unknown', city: 'unknown' };
    const result = await report(
      model((scene, prompt, sample) =>
        prompt.startsWith(DESCRIBE_PROMPT) ? '' : `<think>${rest(sample === 1 ? scene : nowhere)}`,
      ),
    );
    expect(result.greedy?.value).toBe(0);
    expect(result.passAt1).toBe(0.25);
    expect(result.passAtAll?.value).toBe(1);
    expect(result.majority?.value).toBe(1);
    expect(result.invented).toBeUndefined();
  });
});
