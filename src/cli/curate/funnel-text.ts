/** Formats the funnel (the photos that each stage dropped) and the accuracy of the gates as text for a terminal. */
import Table from 'cli-table3';
import type { AnnotatorCost } from '../../curation/run/cost.ts';
import { totalCost } from '../../curation/run/cost.ts';
import { proportionText } from '../../curation/dataset/card.ts';
import type { PreviewRow } from '../../curation/run/preview.ts';
import type { Projection } from '../../curation/run/project-run.ts';
import type { Funnel } from '../../curation/judge/funnel.ts';
import { FAULTS } from '../../curation/judge/gate-quality.ts';
import type { Quality } from '../../curation/judge/gate-quality.ts';

const PLAIN = { style: { head: [], border: [] } };

export function funnelText({ photos, stages, train, test, pending }: Funnel): string {
  const table = new Table({ head: ['stage', 'reached', 'dropped', 'why'], ...PLAIN });
  for (const { stage, reached, dropped, causes } of stages) {
    table.push([stage, reached, dropped, causes.map(({ cause, count }) => `${count} ${cause}`).join('\n')]);
  }
  const lines = [`${photos} photos, ${train} kept for training, ${test} for the test.`];
  if (pending > 0) lines.push(`${pending} could not be judged and are left out.`);
  return `${table.toString()}\n${lines.join('\n')}`;
}

export function qualityText({ gates, error, wrongPlace, hallucination }: Quality): string {
  const table = new Table({ head: ['gate', 'looks for', 'precision', 'recall'], ...PLAIN });
  for (const { gate, precision, recall } of gates) {
    table.push([gate, FAULTS[gate], proportionText(precision), proportionText(recall)]);
  }
  return [
    table.toString(),
    `Kept reasonings with a wrong place:    ${proportionText(wrongPlace)}`,
    `with a thing that is not in the photo: ${proportionText(hallucination)}`,
    `with either:                           ${proportionText(error)}`,
  ].join('\n');
}

export function costText(costs: readonly AnnotatorCost[]): string {
  const lines = costs.map(({ annotator, requests, usage, amount, currency }) => {
    const price = amount === undefined ? 'no price stated' : `${amount.toFixed(2)} ${currency}`;
    const { promptTokens, completionTokens } = usage;
    return `${annotator}: ${requests} photos, ${thousands(promptTokens)} prompt and ${thousands(completionTokens)} completion tokens, ${price}`;
  });
  const total = costs.length > 1 ? totalCost(costs) : undefined;
  if (total === undefined) return lines.join('\n');
  const { amount, currency, without } = total;
  const sum = `${amount.toFixed(2)} ${currency}`;
  return [
    ...lines,
    without.length === 0 ? `total: ${sum}` : `partial total: ${sum}, without ${without.join(', ')}`,
  ].join('\n');
}

/** States what the cost estimate assumes about images. */
export function estimateNote({ sizes, measured }: { sizes: readonly unknown[]; measured: number }): string {
  const images =
    sizes.length === 0
      ? 'No image could be read, so all are assumed to have the maximum size (annotation.maxPixels).'
      : `The sizes of ${sizes.length} of ${measured} sampled images were read.`;
  return `${images} A pilot measures the real use: globe curate … --limit 200 --out runs/pilot`;
}

/** Formats the projection of the whole run from a pilot, a run on a sample of the photos. */
export function projectionText({ pilotPhotos, photos, passRate, passed, costs, hours }: Projection): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    `Projected from ${pilotPhotos} of ${thousands(photos)} photos:`,
    `kept: ${percent(passRate.value)} [${percent(passRate.low)}, ${percent(passRate.high)}], about ${thousands(passed)} photos`,
    costText(costs),
    ...(hours === undefined
      ? []
      : [
          `time: ${hours < 1 ? `${Math.ceil(hours * 60)} minutes` : `${hours.toFixed(1)} hours`}, with the pilot's concurrency`,
        ]),
  ].join('\n');
}

/** Formats the effect of each threshold. An asterisk marks the recipe's own value. */
export function previewText({ photos, rows }: { photos: number; rows: readonly PreviewRow[] }): string {
  const table = new Table({ head: ['threshold', 'value', 'kept', 'not asked'], ...PLAIN });
  for (const { threshold, value, current, passed, unknown } of rows) {
    table.push([threshold, `${value ?? 'no limit'}${current ? ' *' : ''}`, passed, unknown]);
  }
  return `${photos} photos.\n${table.toString()}`;
}

const thousands = (n: number): string => n.toLocaleString('en-US');
