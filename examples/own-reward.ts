/**
 * Adds your own reward to the task rewards. A reward needs a name, the row fields that it reads, and a score function.
 */
import { createReward, openGazetteer, openGrounder, parseAnswer, scored, unscored } from 'globe-geolocation';
import { pureReward, registerReward, rewardDefinitions } from 'globe-geolocation/reward';

/**
 * Scores the confidence that the answer states: 1 − (confidence − right)², where `right` is 1 for the right country and
 * 0 otherwise (Brier score).
 */
registerReward({
  name: 'calibrated',
  description: 'Agreement of the stated confidence with the correctness of the country.',
  inputs: ['truth'],
  create: ({ gazetteer }) =>
    pureReward('calibrated/1', ({ completion, truth }) => {
      const answer = parseAnswer(completion);
      if (answer.kind !== 'place') return scored(0);
      // A missing measurement is never scored as 0. It is unscored, with a reason, and the row has no total.
      if (answer.confidence === undefined) return unscored('the answer states no confidence');
      const right = gazetteer.match(answer.place, truth).country ? 1 : 0;
      return scored(1 - (answer.confidence - right) ** 2);
    }),
});
console.log(rewardDefinitions().map(({ name }) => name));

const reward = createReward({
  mode: 'paper',
  weights: { accuracy: 1, calibrated: 0.5 },
  gazetteer: openGazetteer(),
  grounder: await openGrounder(),
});
const truth = { country: 'Finland', city: 'Helsinki' };
const completions = [
  '<think>Trams.</think><answer>country: Finland\ncity: Helsinki\nconfidence: 0.9</answer>',
  '<think>Trams.</think><answer>country: Sweden\ncity: Stockholm\nconfidence: 0.9</answer>',
  '<think>Trams.</think><answer>country: Finland\ncity: Helsinki</answer>',
];
const batch = completions.map((completion, i) => ({ id: String(i), completion, truth }));
for (const { total } of await reward.score(batch, { signal: AbortSignal.timeout(60_000) })) console.log(total);
