/** The model card of a classifier or retriever. */
import { countParameters } from '../model/parameters.ts';
import type { GeocellClassifier } from './geocell-classifier.ts';
import type { ImageRetriever } from './image-retriever.ts';
import { positionSpecs } from './position-model.ts';

/** Returns Markdown with a metadata block for model hubs. */
export function positionCard(head: GeocellClassifier | ImageRetriever, description?: string): string {
  const { image, vision } = head.encoder;
  const thousands = Math.round(countParameters(positionSpecs(head)) / 1e3);
  return `---
library_name: globe
pipeline_tag: image-classification
tags: [geolocation, globe-${head.kind}]
---
# GLOBE ${titles[head.kind]}

A small model (${thousands} thousand parameters) that reads a ${image.sizePixels} × ${image.sizePixels} pixel image and gives a position. ${answers(head)}

${description ?? 'Trained with GLOBE; the run that made it is described in its run folder.'}

| part | |
|---|---|
| image | ${image.patchPixels} × ${image.patchPixels} pixel patches |
| encoder | ${vision.kind}, ${vision.layers} layers, width ${vision.width} |
| answers | ${head.positions.length} ${head.kind === 'image-retriever' ? 'gallery positions (gallery.csv)' : 'cells (cells.json)'} |

Matrices are stored [in, out]. Use: \`globe locate --model nano:THIS_FOLDER photo.jpg\`.

Limits: it never abstains and gives no reasons; its confidence is not calibrated. A model of this size knows the small world it was trained on, not the real one. Do not use its answers about people or property.
`;
}

const titles = { 'geocell-classifier': 'geocell classifier', 'image-retriever': 'image-to-GPS retriever' } as const;

function answers(head: GeocellClassifier | ImageRetriever): string {
  return head.kind === 'image-retriever'
    ? 'It answers with the position of its gallery whose vector is nearest to the image’s.'
    : 'It answers with the mean position of the training photos of the most probable cell.';
}
