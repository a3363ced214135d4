/** Formats the funnel and the accuracy of the gates as text for a terminal. */
import Table from 'cli-table3';
import type { AnnotatorCost } from '../../curation/run/cost.ts';
import { totalCost } from '../../curation/run/cost.ts';
import { proportionText } from '../../curation/dataset/card.ts';
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

const thousands = (n: number): string => n.toLocaleString('en-US');
