/** `globe-geolocation/vision`: vision-language models on a server, in this process, or from recorded answers. */
export {
  type Completion,
  type FinishReason,
  type GenerateRequest,
  type TokenLogprob,
  type Usage,
  type VisionModel,
} from '../vision/vision-model.ts';

export {
  type ModelProvider,
  type OpenModel,
  type OpenModelOptions,
  openVisionModel,
} from '../vision/open-vision-model.ts';
export { type GlobeConfig, loadConfig, parseConfig } from '../vision/model-config.ts';
export { type Preset, PRESETS } from '../vision/presets.ts';

export {
  type OpenAICompatibleOptions,
  openOpenAICompatibleModel,
} from '../vision/openai-compatible/openai-compatible-model.ts';
export { openTransformersModel, type TransformersOptions } from '../vision/transformers/transformers-model.ts';
export { type NanoModel, type NanoModelOptions, openNanoModel } from '../locator/nano-model.ts';
export { openScriptedModel, type Script, scriptedModel } from '../vision/scripted-model.ts';

export { type Segmenter } from '../vision/segmenter.ts';
export { openTransformersSegmenter, type SegmenterOptions } from '../vision/segmentation/transformers-segmenter.ts';
