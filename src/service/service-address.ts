/** Addresses of services must not carry secrets, because they are printed and stored with results. */

/** Why the address cannot be used, without quoting it; undefined if it can. */
export function addressProblem(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return 'it is not a URL';
  const { username, password, search, hash } = url;
  if (username !== '' || password !== '') return 'it contains credentials';
  return search === '' && hash === '' ? undefined : 'it has a query or a fragment, which may contain a key';
}
