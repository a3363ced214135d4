/** Computes the task rewards for your own trainer. Each completion gets a total, or a reason why it has none. */
import { createReward, openGazetteer, openGrounder, type RewardInput } from 'globe-geolocation';
import { groupStatistics } from 'globe-geolocation/reward';
import { advantages } from 'globe-geolocation/training';

const weights = { accuracy: 1, visual: 0.5, format: 1 };
const reward = createReward({ mode: 'paper', weights, gazetteer: openGazetteer(), grounder: await openGrounder() });

/** The completions for one prompt form a GRPO group. */
const completions = [
  '<think>A tram and a white cathedral.</think><answer>country: Finland\ncity: Helsinki</answer>',
  '<think>A tram and a palm tree.</think><answer>country: Finland\ncity: Turku</answer>',
  '<think>A castle.</think><answer>country: Norway\ncity: Oslo</answer>',
  'Somewhere in the north.',
];
const batch = completions.map((completion, i): RewardInput => ({
  id: `photo-1/${i}`,
  completion,
  truth: { country: 'Finland', city: 'Helsinki' },
  elements: [
    { label: 'tram', share: 0.1 },
    { label: 'cathedral', share: 0.3 },
  ],
}));

const scores = await reward.score(batch, { signal: AbortSignal.timeout(60_000) });
for (const { components, total } of scores) {
  const parts = Object.entries(components).map(
    ([name, score]) => `${name} ${score.kind === 'scored' ? score.value.toFixed(2) : `unscored (${score.reason})`}`,
  );
  console.log(total.kind === 'scored' ? total.value.toFixed(2) : total.reason, '=', parts.join(', '));
}

// A row without a total is left out of its group. Its advantage is null, and the loss must skip the row.
const totals = scores.map(({ total }) => (total.kind === 'scored' ? total.value : null));
console.log('advantages', advantages(totals, { groupSize: 4 }));
console.log('share of groups without variance', groupStatistics(scores, { groupSize: 4, weights }).constantGroupShare);
