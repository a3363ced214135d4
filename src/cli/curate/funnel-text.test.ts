import { expect, it } from 'vitest';
import { costText } from './funnel-text.ts';

const usage = { promptTokens: 1000, completionTokens: 100 };
const priced = { requests: 1, usage, amount: 1.5, currency: 'USD' };

it('marks a partial total and names the model without a price', () => {
  const text = costText([
    { annotator: 'a', ...priced },
    { annotator: 'b', requests: 1, usage },
  ]);
  expect(text).toMatch(/b: .*no price stated\npartial total: 1\.50 USD, without b$/);
  const whole = ['a', 'b'].map((annotator) => ({ annotator, ...priced }));
  expect(costText(whole)).toMatch(/\ntotal: 3\.00 USD$/);
});
