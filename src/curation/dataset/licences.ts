/**
 * The licences of a dataset's photos. They are counted while the dataset is written, and listed on its card and in
 * LICENSES.md. Publication requires a licence for every photo. A photo's licence is a text from the photo table; the
 * usual spellings of Creative Commons licences are recognised.
 */

/** The file with the list of licences, beside the dataset card. On the Hugging Face Hub, the card links to it. */
export const LICENSES_FILE = 'LICENSES.md';

/** The Hugging Face Hub's identifiers for Creative Commons licences. */
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
 * Recognises "CC BY-SA 4.0", "cc-by-sa-4.0", "CC0" and the addresses of creativecommons.org. Returns undefined for all
 * other texts, including a Creative Commons licence without a version number.
 *
 * @example creativeCommons('CC BY-SA 4.0'); // { id: 'cc-by-sa-4.0', url:
 * 'https://creativecommons.org/licenses/by-sa/4.0/' }
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

/** Number of rows by licence. The entry with the key `undefined` counts the rows without a licence. */
export type LicenceCounts = ReadonlyMap<string | undefined, number>;

/**
 * Returns the card's fields about the licence. If all photos have the same licence and the Hub has an identifier for
 * it, the field is this identifier. Otherwise, it is "other", with a name and a link, as the Hub requires.
 */
export function licenceFields(counts: LicenceCounts): Record<string, string> {
  const [only] = counts.keys();
  const id = counts.size === 1 && only !== undefined ? creativeCommons(only)?.id : undefined;
  if (id !== undefined && HUB_IDS.has(id)) return { license: id };
  const name = counts.size === 1 && only !== undefined ? only : 'per-photo';
  return { license: 'other', license_name: name, license_link: LICENSES_FILE };
}

/** Lists the licences in Markdown, in alphabetical order. Recognised licences have the address of their text. */
export function licenceList(counts: LicenceCounts): string {
  return [...counts]
    .map(([licence, count]) => ({ name: licence ?? 'not stated', url: creativeCommons(licence ?? '')?.url, count }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, url, count }) => `- ${url === undefined ? name : `[${name}](${url})`}: ${count}`)
    .join('\n');
}

/** Returns the content of LICENSES.md. */
export function licenceFile(counts: LicenceCounts): string {
  return `# Licences of the photos\n\nEach photo keeps the licence of its owner. The columns \`licence\` and \`owner\` state both. Number of photos by licence:\n\n${licenceList(counts)}\n`;
}
