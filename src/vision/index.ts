/** Vision-language models: remote, in this process, scripted; how they are named, opened and paid for. */
export { addUsage, type Cost, costOf, NO_USAGE, type Price } from './cost.ts';
export { CONFIG_FILE, EMPTY_CONFIG, type GlobeConfig, loadConfig, parseConfig } from './model-config.ts';
export {
  type ModelProvider,
  type OpenModel,
  type OpenModelOptions,
  openVisionModel,
  providerNames,
} from './open-vision-model.ts';
export { type Dialect, DIALECT_NAMES, type DialectName, DIALECTS, dialectOf } from './openai-compatible/dialects.ts';
export {
  DEFAULT_CONCURRENCY,
  DEFAULT_TIMEOUT_MS,
  type OpenAICompatibleOptions,
  openOpenAICompatibleModel,
} from './openai-compatible/openai-compatible-model.ts';
export { type Preset, PRESETS } from './presets.ts';
export { type ModelDefaults, type ResolvedModel, resolveModel, type ResolveOptions } from './resolve-model.ts';
export { openScriptedModel, type Script, scriptedModel } from './scripted-model.ts';
export { openTransformersModel, type TransformersOptions } from './transformers/transformers-model.ts';
export {
  type Completion,
  type FinishReason,
  type GenerateRequest,
  type TokenLogprob,
  type Usage,
  type VisionModel,
} from './vision-model.ts';
