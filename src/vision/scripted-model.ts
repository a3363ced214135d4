/**
 * A model that returns scripted completions from a function, a list, or a file of recorded responses. It replays real
 * runs, and replaces servers in tests. It ignores every part of a request that does not help to select a completion.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { GlobeError, invalidInput, messageOf } from '../core/errors.ts';
import type { Completion, GenerateRequest, VisionModel } from './vision-model.ts';

export type Script =
  /** Returns the completions for one request. A string is the text of a finished completion. */
  | ((request: GenerateRequest, call: number) => readonly (string | Completion)[] | Promise<readonly string[]>)
  /** The completions for all requests, used in order. */
  | readonly (string | Completion)[];

/** Creates the model. A request throws `not-found` if the script has too few completions left. */
export function scriptedModel(script: Script, { name = 'scripted' }: { name?: string } = {}): VisionModel {
  let calls = 0;
  let used = 0;
  return {
    name,
    generate: async (request) => {
      request.signal.throwIfAborted();
      const { samples } = request;
      if (!Number.isInteger(samples) || samples < 1) throw invalidInput(`Invalid number of samples: ${samples}.`);
      const answers =
        typeof script === 'function' ? await script(request, calls) : script.slice(used, (used += samples));
      calls += 1;
      if (answers.length < samples) {
        throw new GlobeError({
          code: 'not-found',
          message: `The script of ${name} has only ${answers.length} of the ${samples} completions for request ${calls}.`,
          hint: 'Record enough responses, or lower --samples.',
        });
      }
      return answers.slice(0, samples).map(completion);
    },
  };
}

const completion = (answer: string | Completion): Completion =>
  typeof answer === 'string' ? { text: answer, finishReason: 'stop' } : answer;

const recordSchema = z.object({
  /** SHA-256 of the prepared image that the completions are for. Records without it are used in file order. */
  image: z.string().optional(),
  completions: z.array(z.string()).min(1),
});

/**
 * Opens a JSONL file of `{ "image"?: sha256, "completions": [text…] }`. A record with an image answers every request
 * for that image. A record without an image answers one request, in file order.
 */
export async function openScriptedModel(file: string, { name = `scripted:${file}` } = {}): Promise<VisionModel> {
  const records = await readRecords(file);
  const byImage = new Map(records.flatMap((record) => (record.image === undefined ? [] : [[record.image, record]])));
  const inOrder = records.filter((record) => record.image === undefined);
  return scriptedModel(
    ({ image }) => {
      const record = (image && byImage.get(image.sha256)) ?? inOrder.shift();
      return record?.completions ?? [];
    },
    { name },
  );
}

async function readRecords(file: string): Promise<z.infer<typeof recordSchema>[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new GlobeError({ code: 'not-found', message: `Cannot read the script ${file}: ${messageOf(error)}.` });
  }
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const parsed = z.preprocess(parseJson, recordSchema).safeParse(line);
    if (parsed.success) return [parsed.data];
    throw invalidInput(
      `${file}, line ${i + 1} is not a recorded response: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      'Each line must be {"image"?: "sha256 of the prepared image", "completions": ["text", …]}.',
    );
  });
}

function parseJson(line: unknown): unknown {
  try {
    return JSON.parse(String(line));
  } catch {
    return undefined;
  }
}
