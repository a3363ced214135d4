/** Rejects service addresses that contain secrets, because addresses are printed and stored with results. */

/** Why the address cannot be used, as text that does not quote it; undefined if it can be used. */
export function addressProblem(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return 'it is not a URL';
  const { username, password, search, hash } = url;
  if (username !== '' || password !== '') return 'it contains credentials';
  return search === '' && hash === '' ? undefined : 'it has a query or a fragment, which may contain a key';
}
