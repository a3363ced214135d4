import { describe, expect, it } from 'vitest';
import { annotationClaims } from './annotation-claims.ts';
import { type Claim, claimPhrase } from './claim.ts';
import { openGrounder } from './entity-grounder.ts';

const grounder = await openGrounder();
const TRAM: Claim = { thing: 'tram', attribute: 'yellow', supports: 'Portugal' };
const SIGN: Claim = { thing: 'sign', attribute: 'blue, enamelled', text: 'Rua Augusta', supports: 'Portugal' };

/** Returns the claims that the prose adds to the evidence, as phrases. */
const added = (reasoning: string, evidence: readonly Claim[] = [TRAM, SIGN]) =>
  annotationClaims({ evidence, reasoning }, grounder).slice(evidence.length).map(claimPhrase);

describe('the claims of an annotation', () => {
  it.each([
    ['a thing', 'A yellow tram passes a minaret.', ['minaret']],
    ['another attribute of the same thing', 'A red tram passes.', ['red tram']],
    ['an attribute beside the one in the evidence', 'An articulated yellow tram passes.', ['articulated yellow tram']],
    ['a part of a thing in the evidence', 'The pantograph of the tram is up.', ['pantograph']],
    ['another text', 'The sign reads "CALLE MAYOR".', ['text that reads "CALLE MAYOR"']],
  ])('include %s that only the prose names', (_, reasoning, expected) => {
    expect(added(reasoning)).toEqual(expected);
  });

  it.each([
    ['the same thing', 'A yellow tram passes.'],
    ['the bare thing', 'The tram passes.'],
    ['a thing by an adjective that tells nothing', 'An old tram passes.'],
    ['a thing whose attribute has a comma', 'A blue sign hangs there.'],
    ['the same text', 'The sign reads "RUA AUGUSTA".'],
    ['an absent thing', 'There is no minaret.'],
  ])('do not repeat %s from the prose', (_, reasoning) => {
    expect(added(reasoning)).toEqual([]);
  });

  it('do not take a building as evidence of its balcony', () => {
    expect(added('The building has a balcony.', [{ thing: 'building', supports: 'Spain' }])).toEqual(['balcony']);
  });

  it('are those of the prose without evidence', () => {
    const reasoning = 'A yellow tram passes a minaret.';
    expect(annotationClaims({ reasoning }, grounder)).toEqual(grounder.claims(reasoning));
  });

  it('start with the evidence', () => {
    const claims = annotationClaims({ evidence: [TRAM, { thing: 'kerb' }], reasoning: 'A minaret.' }, grounder);
    expect(claims.slice(0, 2)).toEqual([TRAM, { thing: 'kerb', isListed: true }]);
  });
});
