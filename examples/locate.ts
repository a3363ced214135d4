/**
 * Locates a photo with a model behind an OpenAI-compatible server: `BASE_URL=http://127.0.0.1:11434/v1
 * MODEL=qwen2.5vl:7b node locate.ts photo.jpg`. Without BASE_URL, the example starts a local server that always returns
 * the same five answers, so that it runs anywhere.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generativeLocator, openGazetteer, openVisionModel, prepareImage } from 'globe-geolocation';

const photo = process.argv[2] ?? join(import.meta.dirname, 'drawing.png');

const stub = createServer((request, response) => {
  const cities = ['Helsinki', 'Helsinki', 'Espoo', 'Turku', 'Helsinki'];
  const choices = cities.map((city, index) => {
    const content = `<think>Trams and birches.</think><answer>country: Finland\ncity: ${city}</answer>`;
    return { index, message: { role: 'assistant', content }, finish_reason: 'stop' };
  });
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: '1', object: 'chat.completion', created: 0, model: 'stub', choices }));
  });
});
let baseUrl = process.env['BASE_URL'];
if (baseUrl === undefined) {
  await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(stub.address() as AddressInfo).port}/v1`;
}

const { model } = await openVisionModel(`${baseUrl}#${process.env['MODEL'] ?? 'stub'}`, {
  config: { models: {} },
  env: process.env, // for the API key: OPENAI_API_KEY for OpenAI, GLOBE_API_KEY for other servers
});
// The five answers vote on the place. Their spread, in kilometres, measures the uncertainty.
const locator = generativeLocator({ model, gazetteer: openGazetteer(), samples: 5 });
// A prepared image contains only pixels, so neither the file name nor EXIF reaches the model.
const location = await locator.locate(await prepareImage(photo), { signal: AbortSignal.timeout(300_000) });
console.log(location.kind, location.place, location.coordinate);
console.log(`confidence ${location.confidence}, spread ${location.spreadKm?.toFixed(0)} km: ${location.reasoning}`);
stub.close();
