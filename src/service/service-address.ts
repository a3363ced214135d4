/** Rejects service addresses that contain secrets, because addresses are printed and saved with results. */

/** Returns why the address is not usable, in a text that does not quote it; undefined if it is usable. */
export function addressProblem(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return 'it is not a URL';
  const { username, password, search, hash } = url;
  if (username !== '' || password !== '') return 'it contains credentials';
  return search === '' && hash === '' ? undefined : 'it has a query or a fragment, which may contain a key';
}
