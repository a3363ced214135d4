/** Checks this machine without network access: Node, native packages, gazetteer, configuration and keys. */
import { availableParallelism, totalmem } from 'node:os';
import { messageOf } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { CONFIG_FILE, loadConfig } from '../../vision/model-config.ts';
import { DIALECTS } from '../../vision/openai-compatible/dialects.ts';
import type { Check } from './check.ts';

/** The first Node version that runs TypeScript files directly. */
const MIN_NODE = 24;

/** Packages with native or WebAssembly parts, which fail on machines that they were not built for. */
const NATIVE: Readonly<Record<string, { load: () => Promise<unknown>; use: string }>> = {
  sharp: { load: async () => import('sharp'), use: 'decoding photos' },
  // @ts-expect-error the package ships no declarations.
  'libheif-js': { load: async () => import('libheif-js/wasm-bundle.js') as Promise<unknown>, use: 'HEIC photos' },
  'onnxruntime-node': { load: async () => import('onnxruntime-node'), use: 'models in this process' },
};

export async function checkInstallation(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Check[]> {
  const native = Object.entries(NATIVE).map(async ([name, { load, use }]) => checkPackage(name, { load, use }));
  return [
    checkNode(),
    checkMachine(),
    ...(await Promise.all(native)),
    checkGazetteer(),
    await checkConfig(folder),
    ...checkKeys(env),
  ];
}

function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  const detail = `Node ${process.versions.node}`;
  return major >= MIN_NODE
    ? { name: 'node', status: 'ok', detail }
    : {
        name: 'node',
        status: 'problem',
        detail: `${detail} cannot run TypeScript`,
        fix: `Run through npm (npm run -s globe -- …), which uses the installed Node ${MIN_NODE}.`,
      };
}

function checkMachine(): Check {
  const gib = (totalmem() / 2 ** 30).toFixed(1);
  return { name: 'machine', status: 'ok', detail: `${availableParallelism()} cores, ${gib} GiB of memory` };
}

async function checkPackage(
  name: string,
  { load, use }: { load: () => Promise<unknown>; use: string },
): Promise<Check> {
  try {
    await load();
    return { name, status: 'ok', detail: `loads (${use})` };
  } catch (error) {
    return {
      name,
      status: 'problem',
      detail: `does not load (${use}): ${messageOf(error).split('\n')[0]}`,
      fix: 'Run npm ci on this machine: the package differs by platform.',
    };
  }
}

function checkGazetteer(): Check {
  const name = 'gazetteer';
  try {
    return { name, status: 'ok', detail: openGazetteer().provenance.version };
  } catch (error) {
    return { name, status: 'problem', detail: messageOf(error), fix: 'Run npm run build:gazetteer.' };
  }
}

async function checkConfig(folder: string): Promise<Check> {
  try {
    const { models, defaultModel } = await loadConfig(folder);
    const names = Object.keys(models);
    if (names.length === 0 && defaultModel === undefined) {
      return {
        name: CONFIG_FILE,
        status: 'absent',
        detail: 'no models configured',
        fix: 'Optional: lets you name your own models.',
      };
    }
    const detail = `models: ${names.join(', ') || 'none'}; default: ${defaultModel ?? 'none'}`;
    return { name: CONFIG_FILE, status: 'ok', detail };
  } catch (error) {
    return { name: CONFIG_FILE, status: 'problem', detail: messageOf(error), fix: 'Correct the file.' };
  }
}

/** Reports whether each API key is set. Never reports its value. */
function checkKeys(env: Readonly<Record<string, string | undefined>>): Check[] {
  const names = new Set(Object.values(DIALECTS).map(({ apiKeyEnv }) => apiKeyEnv));
  return [...names].map((name) =>
    env[name] === undefined || env[name] === ''
      ? { name, status: 'absent', detail: 'not set', fix: 'The key is needed only for that service.' }
      : { name, status: 'ok', detail: 'set' },
  );
}
