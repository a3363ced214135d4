import { imageTokens, type NanoConfig } from './config.ts';
import { countParameters } from './model/parameters.ts';
import { parameterSpecs } from './learning/graphs.ts';

/** Returns Markdown with a metadata block for model hubs. */
export function modelCard(config: NanoConfig, description?: string): string {
  const { vision, decoder, image } = config;
  const millions = (countParameters(parameterSpecs(config)) / 1e6).toFixed(2);
  return `---
library_name: globe
pipeline_tag: image-text-to-text
tags: [geolocation, globe-nano]
---
# GLOBE nano

A small vision-language model (${millions} million parameters) that reads a ${image.sizePixels} × ${image.sizePixels} pixel image and writes where it was taken, and why.

${description ?? 'Trained with GLOBE; the run that made it is described in its run folder.'}

| part | |
|---|---|
| image | ${image.patchPixels} × ${image.patchPixels} pixel patches, ${imageTokens(config)} tokens |
| encoder | ${vision.kind}, ${vision.layers} layers, width ${vision.width} |
| decoder | ${decoder.layers} layers, width ${decoder.width}, ${decoder.heads} heads (${decoder.keyValueHeads} for keys and values), ${decoder.activation}, ${decoder.norm} norm, ${decoder.positions} positions |
| vocabulary | ${config.vocabularySize} tokens, byte-level BPE |
| context | ${config.contextTokens} positions |

Matrices are stored [in, out]. Use: \`globe locate --model nano:THIS_FOLDER photo.jpg\`.

Limits: a model of this size knows the small world it was trained on, not the real one. Do not use its answers about people or property.
`;
}
