/** `globe review RUN`: a person's decisions on the answers of a run of `globe locate`. */
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { isCoordinate } from '../../core/coordinate.ts';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { placeText } from '../../core/place-text.ts';
import type { OfflineGazetteer } from '../../gazetteer/gazetteer.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { summaryLine } from '../../locator/formats/format-text.ts';
import { decide } from '../../locator/run/decisions.ts';
import type { AnswerState, PhotoDecision } from '../../locator/run/decisions.ts';
import { readPhotoRun } from '../../locator/run/run-files.ts';
import type { PhotoRun } from '../../locator/run/run-files.ts';
import { photosOf, readReviewedRun } from '../../locator/run/run-results.ts';
import { RUNS_FOLDER } from '../../storage/run-folder.ts';
import { print, printJson } from '../output.ts';

const ACTIONS = ['accept', 'place', 'reject', 'undo'] as const;
type Action = (typeof ACTIONS)[number];

type Options = {
  readonly at?: string;
  readonly runs: string;
  readonly by?: string;
  readonly note?: string;
  readonly json?: true;
};

export function command(): Command {
  return new Command('review')
    .description('List the answers of a run of globe locate, least sure first, or record a decision on them.')
    .argument('<run>', 'name in runs/, or folder of a run')
    .argument('[action]', `${ACTIONS.join(', ')}; without it, the answers are listed`)
    .argument('[photos...]', 'photos by path, or by file name if it is unique; for place: PHOTO and "City, Country"')
    .option('--at <position>', 'for place: "LATITUDE, LONGITUDE" in degrees, instead of a name')
    .option('--by <name>', "the reviewer (default: this machine's user)")
    .option('--note <text>', 'reason of the decision')
    .addOption(new Option('--runs <folder>', 'folder of runs').default(RUNS_FOLDER))
    .option('--json', 'print the decisions, or the list, as JSON')
    .action(run);
}

async function run(
  name: string,
  action: string | undefined,
  photos: readonly string[],
  options: Options,
): Promise<void> {
  if (action === undefined) return list(name, options);
  if (!ACTIONS.includes(action as Action)) {
    throw invalidInput(`Unknown action: ${action}.`, `Use one of: ${ACTIONS.join(', ')}.`);
  }
  const located = await readPhotoRun(name, options);
  const { targets, to } = targetsOf(action as Action, photos, options);
  const at = new Date().toISOString();
  const by = options.by ?? userInfo().username;
  const decisions: PhotoDecision[] = [];
  // All names are checked first, so that a wrong one leaves no half of the decisions behind.
  for (const photo of targets.map((target) => photoNamed(located, target))) {
    const decision = { photo, action: action as Action, by, at, ...defined({ note: options.note, to }) };
    decisions.push(await decide(located, decision));
  }
  if (options.json === true) printJson(decisions);
  else for (const { photo, before, after } of decisions) print(`${photo}: ${stateText(before)} → ${stateText(after)}`);
}

async function list(name: string, options: Options): Promise<void> {
  const located = await readReviewedRun(name, options);
  const results = photosOf(located).map(({ result }) => result);
  const sureness = (result: (typeof results)[number]): number =>
    result.kind === 'failed' ? -1 : (result.confidence ?? (result.kind === 'located' ? 1 : 0));
  const sorted = results.toSorted((a, b) => sureness(a) - sureness(b));
  if (options.json === true) return printJson(sorted);
  for (const result of sorted) {
    const review =
      result.kind === 'failed' || result.review === undefined
        ? ''
        : ` [${result.review.decision} by ${result.review.by}]`;
    const sure =
      result.kind === 'failed' || result.confidence === undefined ? '' : ` (${Math.round(100 * result.confidence)} %)`;
    print(`${result.image}: ${summaryLine(result)}${sure}${review}`);
  }
}

function targetsOf(
  action: Action,
  photos: readonly string[],
  { at }: Options,
): { readonly targets: readonly string[]; readonly to?: Omit<AnswerState, 'kind'> } {
  if (action !== 'place') {
    if (photos.length === 0)
      throw invalidInput(`Missing photo for ${action}.`, `Write globe review RUN ${action} PHOTO….`);
    if (at !== undefined) throw invalidInput(`--at does not apply to ${action}.`, 'Remove --at.');
    return { targets: photos };
  }
  const [photo, place] = photos;
  const isComplete = photos.length === (at === undefined ? 2 : 1);
  if (photo === undefined || !isComplete) {
    throw invalidInput(
      'place needs one photo and one place.',
      'Write globe review RUN place PHOTO "Porto, Portugal", or PHOTO --at "41.15, -8.61".',
    );
  }
  const gazetteer = openGazetteer();
  return { targets: [photo], to: at === undefined ? placeNamed(place!, gazetteer) : placeAt(at, gazetteer) };
}

function placeAt(text: string, gazetteer: OfflineGazetteer): Omit<AnswerState, 'kind'> {
  const numbers = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  const [latitudeDegrees, longitudeDegrees] = [Number(numbers?.[1]), Number(numbers?.[2])];
  if (!isCoordinate(latitudeDegrees, longitudeDegrees)) {
    throw invalidInput(`Invalid position: ${text}.`, 'Write --at "LATITUDE, LONGITUDE" in degrees.');
  }
  const coordinate = { latitudeDegrees, longitudeDegrees };
  return { coordinate, granularity: 'coordinate', ...defined({ place: gazetteer.reverse(coordinate) }) };
}

function placeNamed(text: string, gazetteer: OfflineGazetteer): Omit<AnswerState, 'kind'> {
  const place = gazetteer.parsePlace(text);
  const found = place === undefined ? undefined : gazetteer.geocode(place);
  if (found?.kind === 'found')
    return { place: found.place, coordinate: found.coordinate, granularity: found.granularity };
  throw invalidInput(`Unknown place: ${text}.`, 'Write "City, Country", or give --at "LATITUDE, LONGITUDE".');
}

function photoNamed({ records, folder }: PhotoRun, name: string): string {
  const exact = records.find(({ photo }) => photo === name);
  const found = exact === undefined ? records.filter(({ photo }) => basename(photo) === name) : [exact];
  if (found.length === 1) return found[0]!.photo;
  throw invalidInput(
    found.length === 0
      ? `${folder} has no photo ${name}.`
      : `${found.length} photos of ${folder} are named ${name}: ${found.map(({ photo }) => photo).join(', ')}.`,
    'Name the photo as globe review RUN lists it.',
  );
}

const stateText = ({ kind, place, coordinate }: AnswerState): string =>
  placeText(place, { region: true }) ||
  (coordinate === undefined ? kind : `${coordinate.latitudeDegrees}, ${coordinate.longitudeDegrees}`);
