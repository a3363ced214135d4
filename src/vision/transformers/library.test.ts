import { expect, it } from 'vitest';
import { transformersLibrary } from './library.ts';

it('names the command that installs the optional library', async () => {
  const absent = Object.assign(new Error("Cannot find package '@huggingface/transformers'"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
  await expect(transformersLibrary(async () => Promise.reject(absent))).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('npm install @huggingface/transformers') as string,
  });
});

it('passes on any other failure', async () => {
  const broken = new Error('bad binary');
  await expect(transformersLibrary(async () => Promise.reject(broken))).rejects.toBe(broken);
});
