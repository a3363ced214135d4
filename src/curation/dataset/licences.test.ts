import { describe, expect, it } from 'vitest';
import { creativeCommons, licenceFields, licenceFile } from './licences.ts';

describe('creativeCommons', () => {
  it.each([
    ['CC BY 2.0', 'cc-by-2.0'],
    ['cc-by-nc-sa-2.0', 'cc-by-nc-sa-2.0'],
    ['CC BY-SA 4.0', 'cc-by-sa-4.0'],
    ['CC BY NC 3.0', 'cc-by-nc-3.0'],
    ['Creative Commons BY-ND 4.0', 'cc-by-nd-4.0'],
    ['https://creativecommons.org/licenses/by-nc/2.0/', 'cc-by-nc-2.0'],
    ['http://creativecommons.org/licenses/by/3.0/deed.de', 'cc-by-3.0'],
    ['CC0', 'cc0-1.0'],
    ['https://creativecommons.org/publicdomain/zero/1.0/', 'cc0-1.0'],
  ])('recognises %j', (text, id) => expect(creativeCommons(text)?.id).toBe(id));

  it.each(['All rights reserved', 'CC BY', 'CC', '', 'ODbL 1.0', 'by 2.0'])('does not recognise %j', (text) =>
    expect(creativeCommons(text)).toBeUndefined(),
  );
});

describe('the card of a dataset', () => {
  it('names a single licence by the identifier of the Hub', () => {
    expect(licenceFields(new Map([['CC BY 2.0', 4]]))).toEqual({ license: 'cc-by-2.0' });
  });

  it.each([
    ['several licences', new Map([['CC BY 2.0', 4] as const, ['CC0', 1] as const]), 'per-photo'],
    [
      'a licence that is missing in some rows',
      new Map<string | undefined, number>([
        ['CC0', 1],
        [undefined, 2],
      ]),
      'per-photo',
    ],
    ['no licence', new Map([[undefined, 2]]), 'per-photo'],
    ['a licence that the Hub does not know', new Map([['CC BY-SA 2.0', 3]]), 'CC BY-SA 2.0'],
  ])('links to the list of licences for %s', (_, counts, name) => {
    expect(licenceFields(counts)).toEqual({ license: 'other', license_name: name, license_link: 'LICENSES.md' });
  });

  it('lists the licences with their addresses', () => {
    const text = licenceFile(
      new Map<string | undefined, number>([
        ['mine', 2],
        [undefined, 1],
        ['CC0', 3],
      ]),
    );
    expect(text).toContain(
      '- [CC0](https://creativecommons.org/publicdomain/zero/1.0/): 3\n- mine: 2\n- not stated: 1\n',
    );
  });
});
