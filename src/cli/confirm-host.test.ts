import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { confirmHost } from './confirm-host.ts';

const ADDRESS = 'https://api.example.com/v1';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'globe-hosts-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const confirm = async (address: string, more: Partial<Parameters<typeof confirmHost>[1]> = {}) =>
  confirmHost(address, { config: { models: {} }, yes: false, env: { GLOBE_CACHE: folder }, ...more });

describe('a host', () => {
  it('is asked about once, by its name', async () => {
    const ask = vi.fn(async () => Promise.resolve('y'));
    await confirm(ADDRESS, { ask });
    await confirm(`${ADDRESS}/other`, { ask });
    expect(ask).toHaveBeenCalledExactlyOnceWith(
      "Send the photos' pixels (without metadata) to api.example.com? [y/N] ",
    );
    expect(await readFile(join(folder, 'photo-hosts.txt'), 'utf8')).toBe('api.example.com\n');
    await expect(confirm('https://api.example.com:8443/v1')).rejects.toThrow('api.example.com:8443');
  });

  it.each(['', 'n', 'nope'])('gets nothing after the answer %j', async (answer) => {
    await expect(confirm(ADDRESS, { ask: async () => Promise.resolve(answer) })).rejects.toThrow('Nothing was sent');
    await expect(confirm(ADDRESS)).rejects.toMatchObject({ hint: expect.stringContaining('--yes') });
  });

  it('is allowed by --yes and by the configuration', async () => {
    await confirm(ADDRESS, { config: { models: { mine: { baseUrl: ADDRESS } } } });
    await expect(confirm(ADDRESS)).rejects.toThrow('for the first time');
    await confirm(ADDRESS, { yes: true });
    await expect(confirm(ADDRESS)).resolves.toBeUndefined();
  });

  it.each(['http://127.0.0.1:8000/v1', 'http://localhost/v1', 'http://[::1]:8000/v1'])(
    'on this machine needs no question: %s',
    async (address) => expect(confirm(address)).resolves.toBeUndefined(),
  );

  it.each(['http://127.0.0.1.example.com/v1', 'http://localhost.example.com/v1', 'http://192.168.1.5/v1'])(
    'elsewhere needs one: %s',
    async (address) => expect(confirm(address)).rejects.toThrow('for the first time'),
  );
});
