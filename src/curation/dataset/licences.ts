/**
 * The licences of a dataset's photos. They are counted while the dataset is written, listed on its card and in
 * LICENSES.md, and required for publication. A photo's licence is a text from the photo table. Creative Commons
 * licences are recognised in their usual spellings.
 */

/** The file that lists the licences, beside the card. The Hub links to it. */
export const LICENSES_FILE = 'LICENSES.md';

/** Licence identifiers that the Hugging Face Hub accepts in a card for Creative Commons works. */
const HUB_IDS: ReadonlySet<string> = new Set([
  'cc0-1.0',
  'cc-by-2.0',
  'cc-by-2.5',
  'cc-by-3.0',
  'cc-by-4.0',
  'cc-by-sa-3.0',
  'cc-by-sa-4.0',
  'cc-by-nc-2.0',
  'cc-by-nc-3.0',
  'cc-by-nc-4.0',
  'cc-by-nc-sa-2.0',
  'cc-by-nc-sa-3.0',
  'cc-by-nc-sa-4.0',
  'cc-by-nc-nd-3.0',
  'cc-by-nc-nd-4.0',
  'cc-by-nd-4.0',
]);

/** A Creative Commons licence: its identifier, such as `cc-by-sa-4.0`, and the address of its text. */
export type CreativeCommons = { readonly id: string; readonly url: string };

/**
 * Recognises "CC BY-SA 4.0", "cc-by-sa-4.0", "CC0" and the addresses of creativecommons.org. Returns undefined for any
 * other text, and for a Creative Commons licence without a version.
 *
 * @example
 * creativeCommons('CC BY-SA 4.0'); // { id: 'cc-by-sa-4.0', url: 'https://creativecommons.org/licenses/by-sa/4.0/' }
 */
export function creativeCommons(text: string): CreativeCommons | undefined {
  const flat = text.trim().toLowerCase();
  if (/^cc[- ]?0(?:[- ]1\.0)?$|creativecommons\.org\/publicdomain\/zero\/1\.0/.test(flat)) {
    return { id: 'cc0-1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' };
  }
  const [, terms, version] =
    /creativecommons\.org\/licenses\/([a-z-]+)\/(\d\.\d)/.exec(flat) ??
    /^(?:cc|creative commons)[- ](by(?:[- ](?:nc|nd|sa))*)[- ](\d\.\d)$/.exec(flat) ??
    [];
  if (terms === undefined || version === undefined) return undefined;
  const name = terms.replaceAll(' ', '-');
  return { id: `cc-${name}-${version}`, url: `https://creativecommons.org/licenses/${name}/${version}/` };
}

/** Number of rows by licence; the key is undefined for rows whose licence is not stated. */
export type LicenceCounts = ReadonlyMap<string | undefined, number>;

/**
 * The card's fields about the licence. A single licence that the Hub knows is named by its identifier. Otherwise the
 * licence is "other", with a name and a link, as the Hub requires.
 */
export function licenceFields(counts: LicenceCounts): Record<string, string> {
  const [only] = counts.keys();
  const id = counts.size === 1 && only !== undefined ? creativeCommons(only)?.id : undefined;
  if (id !== undefined && HUB_IDS.has(id)) return { license: id };
  const name = counts.size === 1 && only !== undefined ? only : 'per-photo';
  return { license: 'other', license_name: name, license_link: LICENSES_FILE };
}

/** Lists the licences in Markdown, in alphabetical order, with an address for each recognised licence. */
export function licenceList(counts: LicenceCounts): string {
  return [...counts]
    .map(([licence, count]) => ({ name: licence ?? 'not stated', url: creativeCommons(licence ?? '')?.url, count }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, url, count }) => `- ${url === undefined ? name : `[${name}](${url})`}: ${count}`)
    .join('\n');
}

/** The content of LICENSES.md. */
export function licenceFile(counts: LicenceCounts): string {
  return `# Licences of the photos\n\nEach photo keeps the licence of its owner. The columns \`licence\` and \`owner\` state both. Number of photos by licence:\n\n${licenceList(counts)}\n`;
}
