/**
 * Runs a reward service in its own process, with a judge that answers immediately, and prints the service's address.
 * The argument is the deadline in seconds.
 */
import { pino } from 'pino';
import { openGazetteer } from '../../../src/gazetteer/open.ts';
import { openGrounder } from '../../../src/grounding/entity-grounder.ts';
import { listen } from '../../../src/server/listen.ts';
import { guardJudge } from '../../../src/server/reward-service/guarded-judge.ts';
import { imageSource } from '../../../src/server/reward-service/image-source.ts';
import { rewardService } from '../../../src/server/reward-service/reward-service.ts';

const MEBIBYTE = 1024 * 1024;
const app = rewardService({
  scoring: {
    mode: 'paper',
    weights: { accuracy: 1, localizability: 1 },
    gazetteer: openGazetteer(),
    grounder: await openGrounder(),
    images: imageSource({}),
    judge: guardJudge({
      name: 'judge',
      generate: () => Promise.resolve([{ text: 'yes', finishReason: 'stop' }]),
    }),
    deadlineMs: Number(process.argv[2]) * 1000,
  },
  maxBodyBytes: 64 * MEBIBYTE,
  log: pino({ enabled: false }),
  now: () => performance.now(),
});
const { url } = await listen(app, { host: '127.0.0.1', port: 0 });
console.log(url);
