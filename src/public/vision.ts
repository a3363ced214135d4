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

export { type ClaimVerifier } from '../vision/claim-verifier.ts';
export { type Claim, type ClaimVerdict } from '../grounding/claim.ts';
export { judgeVerifier, type JudgeVerifierOptions } from '../vision/claims/judge-verifier.ts';
export { segmentVerifier } from '../vision/claims/segment-verifier.ts';
export { textVerifier, type TextVerifierOptions } from '../vision/claims/text-verifier.ts';
export { firstVerdict } from '../vision/claims/first-verdict.ts';
export { type TextBox, type TextReader } from '../vision/text-reader.ts';
