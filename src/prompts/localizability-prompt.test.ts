import fc from 'fast-check';
import { expect, it } from 'vitest';
import { localizabilityPrompt, reasoningAsked } from './localizability-prompt.ts';

it('gives back the reasoning that it asks about, and nothing of other texts', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const reasoning = text.replaceAll('"""', '');
      expect(reasoningAsked(localizabilityPrompt(text))).toBe(reasoning);
      expect(reasoningAsked(text)).toBeUndefined();
    }),
  );
});
