/**
 * Measures how exactly visible things are extracted from the sentences of real models. Our number is the F1 score of
 * the grounder. The peer is a baseline that extracts every noun that WordNet or our lists call visible, wherever it
 * occurs. The sentences are in the shared data (GLOBE_SHARED_DATA), the labels in extraction/labels.txt.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { proportion } from '../src/core/statistics/proportion.ts';
import { openGrounder } from '../src/grounding/entity-grounder.ts';
import { openTagger } from '../src/grounding/tagger.ts';
import { isVisible, singular } from '../src/grounding/visible-nouns.ts';
import { type Bench, rounded } from './bench.ts';
import { sentencesOf } from './extraction/sentences.ts';

type Labelled = { readonly sentence: string; readonly things: readonly string[] };

async function readLabels(): Promise<Labelled[]> {
  const shared = process.env['GLOBE_SHARED_DATA'] ?? join(import.meta.dirname, '..', '..', 'shared', 'data');
  const lines = (await readFile(join(import.meta.dirname, 'extraction', 'labels.txt'), 'utf8')).trim().split('\n');
  const files = new Map<string, string[]>();
  const labelled: Labelled[] = [];
  for (const line of lines.filter((one) => !one.startsWith('#'))) {
    const [file = '', index = '', , ...things] = line.split(' ');
    const path = join(shared, 'predictions', `streetview1602-${file}.csv`);
    const sentences = files.get(file) ?? sentencesOf(await readFile(path, 'utf8'));
    files.set(file, sentences);
    const named = things.join(' ');
    labelled.push({ sentence: sentences[Number(index)]!, things: named === '-' ? [] : named.split('; ') });
  }
  return labelled;
}

function accuracy(labelled: readonly Labelled[], extract: (sentence: string) => readonly string[]) {
  let [right, found, named, recalled] = [0, 0, 0, 0];
  const mistakes: string[] = [];
  for (const { sentence, things } of labelled) {
    const lemmas = extract(sentence);
    const isFor = (thing: string, lemma: string): boolean => lemma === thing || lemma.endsWith(` ${thing}`);
    const wrong = lemmas.filter((lemma) => !things.some((thing) => isFor(thing, lemma)));
    const missed = things.filter((thing) => !lemmas.some((lemma) => isFor(thing, lemma)));
    right += lemmas.length - wrong.length;
    found += lemmas.length;
    named += things.length;
    recalled += things.length - missed.length;
    if (wrong.length + missed.length > 0) mistakes.push(`wrong: ${wrong.join(', ')}; missed: ${missed.join(', ')}`);
  }
  const [precision, recall] = [proportion(right, found)!, proportion(recalled, named)!];
  return { f1: (2 * precision.value * recall.value) / (precision.value + recall.value), precision, recall, mistakes };
}

export const bench: Bench = async () => {
  const labelled = await readLabels();
  const grounder = await openGrounder();
  const tag = await openTagger();
  const ours = accuracy(labelled, (sentence) => grounder.entities(sentence).map(({ lemma }) => lemma));
  const peer = accuracy(labelled, (sentence) => [
    ...new Set(
      [...tag(sentence)]
        .flat()
        .filter(({ pos }) => pos === 'NOUN' || pos === 'PROPN')
        .map(({ lower }) => singular(lower))
        .filter(isVisible),
    ),
  ]);
  return {
    ratio: rounded(ours.f1 / peer.f1),
    ours: rounded(ours.f1),
    peer: rounded(peer.f1),
    unit: 'F1 of visible things',
    protocol: {
      sentences: labelled.length,
      things: ours.recall.n,
      models: 'gpt-4o-mini, llava-v1.6-vicuna-13b on 1,602 street views',
      labels: 'one labeller, sentences drawn with seed 15',
      intervals: '95 %, Wilson',
    },
    more: {
      ours: { precision: ours.precision, recall: ours.recall, mistakes: ours.mistakes },
      peer: { precision: peer.precision, recall: peer.recall },
    },
  };
};
