import type { Quality } from './judgement-quality.ts';
import type { RewardModelRecipe } from './recipe.ts';
import type { RewardModelReport } from './reward-model-report.ts';

const fixed = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

const row = (name: string, { n, yes, auc, aucInterval, expectedCalibrationError }: Quality): string =>
  `| ${name} | ${n} | ${yes} | ${fixed(auc)} | ${aucInterval === null ? '–' : aucInterval.map(fixed).join(' to ')} | ${fixed(expectedCalibrationError)} |`;

export function rewardModelCard(recipe: RewardModelRecipe, report: RewardModelReport): string {
  const rows = [
    row('all', report.truth),
    ...Object.entries(report.truthByScene).map(([scene, quality]) => row(`scene: ${scene}`, quality)),
    ...Object.entries(report.truthByKind).map(([kind, quality]) => row(`kind: ${kind}`, quality)),
    row('annotators’ labels, undisputed photos', report.labels),
  ];
  return `---
license: apache-2.0
tags: [geolocation, reward-model]
---
# GLOBE embedded reward model of localizability

P(yes) for a photo and a reasoning: the photo can be placed, and the reasoning rests on it. Trained on a generated world
(${recipe.data.annotators.map(({ model }) => model).join(' and ')} annotators), it knows nothing of real photos: use it with
that world only.

Held out: ${report.photos} photos of other owners, some of cities that training never shows. Truth is the world's own.

| pairs | n | true | AUC | 95 % interval (owners resampled) | ECE |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

\`\`\`json
${JSON.stringify(recipe, null, 2)}
\`\`\`
`;
}
