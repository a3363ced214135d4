/**
 * Checks whether the model that the user named can be used. Either its server must offer it, or its files must be on
 * this machine.
 */
import { messageOf } from '../../core/errors.ts';
import { systemClock } from '../../service/clock.ts';
import { METHOD_WORDS, openRegistered, registeredNames } from '../../locator/model-registry.ts';
import { loadConfig } from '../../vision/model-config.ts';
import { probeServer } from '../../vision/openai-compatible/probe-server.ts';
import type { ServerProbe } from '../../vision/openai-compatible/probe-server.ts';
import { resolveModel } from '../../vision/resolve-model.ts';
import type { ResolvedModel } from '../../vision/resolve-model.ts';
import { MODEL_PROVIDERS } from '../open-model.ts';
import type { Check } from './check.ts';

export type CheckModelOptions = {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly signal: AbortSignal;
};

export async function checkModel(spec: string, { folder, env, signal, ...server }: CheckModelOptions): Promise<Check> {
  const name = `model ${spec}`;
  try {
    const config = await loadConfig(folder);
    const resolved = resolveModel(spec, { config, providers: registeredNames(MODEL_PROVIDERS), ...server });
    if (resolved.kind === 'provider') {
      const opened = await openRegistered(spec, { config, env, providers: MODEL_PROVIDERS });
      if (opened.kind === 'positions') {
        await opened.locator[Symbol.asyncDispose]?.();
        return {
          name,
          status: 'ok',
          detail: `opens in this process (${METHOD_WORDS[opened.method]}: positions, no text)`,
        };
      }
      return { name, status: 'ok', detail: 'opens in this process' };
    }
    const apiKey = env[resolved.apiKeyEnv];
    const probe = await probeServer({ ...resolved, apiKey, clock: systemClock, signal });
    return { name, ...verdict(probe, resolved) };
  } catch (error) {
    signal.throwIfAborted();
    return { name, status: 'problem', detail: messageOf(error), ...hintOf(error) };
  }
}

const hintOf = (error: unknown): { fix?: string } =>
  error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? { fix: error.hint } : {};

function verdict(
  probe: ServerProbe,
  { baseUrl, model, apiKeyEnv }: Extract<ResolvedModel, { kind: 'server' }>,
): Omit<Check, 'name'> {
  switch (probe.kind) {
    case 'unreachable':
      return {
        status: 'problem',
        detail: `${baseUrl} does not answer: ${probe.reason}`,
        fix: 'Start the server, or correct the address.',
      };
    case 'refused':
      return {
        status: 'problem',
        detail: `${baseUrl} answered ${probe.status}`,
        fix: `Put a valid key into the environment variable ${apiKeyEnv}.`,
      };
    case 'answers': {
      const { models } = probe;
      if (models === undefined) return { status: 'ok', detail: `${baseUrl} answers (it does not list its models)` };
      if (models.includes(model)) return { status: 'ok', detail: `${baseUrl} offers ${model}` };
      return {
        status: 'problem',
        detail: `${baseUrl} does not offer ${model}`,
        fix: `It offers: ${models.join(', ') || 'nothing'}.`,
      };
    }
  }
  return probe satisfies never;
}
