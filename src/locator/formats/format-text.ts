/** Formats a located photo as a few lines of text. */
import { placeText } from '../../core/place-text.ts';
import type { LocationAlternative } from '../locator.ts';
import type { PhotoResult } from '../photo-result.ts';

export function formatText(result: PhotoResult): string {
  return [result.image, ...lines(result).map((line) => `  ${line}`)].map(printable).join('\n');
}

/** Removes control characters, because a model could use them to control the user's terminal. */
const printable = (line: string): string => line.replaceAll(/\p{Cc}+/gu, ' ');

/** Summarizes the result in one line. */
export function summaryLine(result: PhotoResult): string {
  switch (result.kind) {
    case 'located':
      return placeText(result.place, { region: true }) || position(result.coordinate);
    case 'refused':
    case 'unparseable':
    case 'notGeocodable':
      return `${KIND_WORDS[result.kind]}: ${result.reason ?? ''}`;
    case 'failed':
      return `failed: ${result.error.message}`;
  }
  return result satisfies never;
}

const KIND_WORDS = {
  refused: 'not located',
  unparseable: 'unreadable answer',
  notGeocodable: 'unknown place',
} as const;

function lines(result: PhotoResult): string[] {
  if (result.kind === 'failed') {
    return [summaryLine(result), ...(result.error.hint === undefined ? [] : [result.error.hint])];
  }
  const facts = [
    result.coordinate === undefined ? '' : position(result.coordinate),
    result.granularity === undefined || result.granularity === 'city' ? '' : `known to the ${result.granularity}`,
    agreementText(result),
    spreadText(result),
    result.positionFrom === 'exif' ? `position from the photo’s ${result.exif?.positionSource ?? 'EXIF'}` : '',
  ].filter((fact) => fact !== '');
  return [
    summaryLine(result),
    ...(facts.length === 0 ? [] : [facts.join(' · ')]),
    ...alternativeLine(result),
    ...exifLines(result),
    ...(result.reasoning === '' ? [] : [result.reasoning.replaceAll(/\s+/g, ' ')]),
  ];
}

/** Says how sure the answer is: by a calibrated probability, by the samples, or by the method's own confidence. */
function agreementText({ probability, confidence, agreement }: Answered): string {
  if (probability !== undefined && confidence !== undefined) return `${percent(confidence)} likely right`;
  if (agreement !== undefined) return `${agreement.samples} of ${agreement.of} samples agree`;
  return confidence === undefined ? '' : `confidence ${percent(confidence)}, not calibrated`;
}

/** Equal samples say nothing about the distance to the truth, so they have no spread. */
const spreadText = ({ spreadKm, agreement }: Answered): string =>
  spreadKm === undefined || agreement?.samples === agreement?.of ? '' : `spread ${kilometres(spreadKm)}`;

const percent = (value: number): string => `${Math.round(value * 100)} %`;

type Answered = Exclude<PhotoResult, { kind: 'failed' }>;

function alternativeLine({ alternatives, model }: Exclude<PhotoResult, { kind: 'failed' }>): string[] {
  const others = (alternatives ?? model?.alternatives ?? []).map(alternativeText);
  return others.length === 0 ? [] : [`Alternatives: ${others.join('; ')}`];
}

/** Returns "Vigo, Galicia, Spain (30 %)", or only the name if the model states no probability. */
export function alternativeText({ place, coordinate, probability }: LocationAlternative): string {
  const name = placeText(place, { region: true }) || position(coordinate);
  return probability === undefined ? name : `${name} (${Math.round(probability * 100)} %)`;
}

function exifLines({ exif, exifDistanceKm, model }: Exclude<PhotoResult, { kind: 'failed' }>): string[] {
  const parts = [
    exif?.takenAt === undefined ? '' : `taken ${exif.takenAt}`,
    exif?.coordinate === undefined ? '' : `at ${position(exif.coordinate)}`,
    exif?.problem ?? '',
    exifDistanceKm === undefined ? '' : `${kilometres(exifDistanceKm)} from the model’s answer`,
  ].filter((part) => part !== '');
  return [
    ...(parts.length === 0 ? [] : [`${exif?.positionSource ?? 'EXIF'}: ${parts.join(', ')}`]),
    ...(model === undefined ? [] : [`Model alone: ${placeText(model.place, { region: true }) || model.kind}`]),
  ];
}

const position = (c: { latitudeDegrees: number; longitudeDegrees: number } | undefined): string =>
  c === undefined ? '' : `${c.latitudeDegrees.toFixed(4)}, ${c.longitudeDegrees.toFixed(4)}`;

const kilometres = (km: number): string => `${km < 10 ? km.toFixed(1) : Math.round(km)} km`;
