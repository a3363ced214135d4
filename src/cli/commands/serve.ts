/** `globe serve`: the reward service, for trainers in any language. */
import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type Logger, pino } from 'pino';
import { defined } from '../../core/defined.ts';
import { invalidInput } from '../../core/errors.ts';
import { openGazetteer } from '../../gazetteer/open.ts';
import { openGrounder } from '../../grounding/entity-grounder.ts';
import { WEIGHT_PRESETS } from '../../reward/combine.ts';
import type { DistanceShape } from '../../reward/geo-distance.ts';
import type { LengthLimits } from '../../reward/length.ts';
import { REWARD_MODES, type RewardMode } from '../../reward/reward.ts';
import type { RewardWeights } from '../../reward/reward-definition.ts';
import { listen } from '../../server/listen.ts';
import { type GuardedJudge, guardJudge } from '../../server/reward-service/guarded-judge.ts';
import { imageSource } from '../../server/reward-service/image-source.ts';
import { rewardService } from '../../server/reward-service/reward-service.ts';
import { openModel } from '../open-model.ts';
import { seconds, share, wholeNumber } from '../option-values.ts';
import { interruptSignal, note } from '../output.ts';
import { lengthLimits, shape, SHAPE_FORMS, weights } from '../reward-values.ts';

type Options = {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly mode: RewardMode;
  readonly weights: RewardWeights;
  readonly alpha?: number;
  readonly shape?: DistanceShape;
  readonly length?: LengthLimits;
  readonly judge?: string;
  readonly judgeConcurrency: number;
  readonly judgeCoolDown: number;
  readonly images?: string;
  readonly deadline: number;
  readonly maxBody: number;
};

const MEBIBYTE = 1024 * 1024;
const MAX_SECONDS_A_CALL = 30;

export function command(): Command {
  return new Command('serve')
    .description('Serve the task rewards over HTTP (POST /v1/score, POST /get_reward).')
    .option('--host <address>', 'address to listen on; beyond loopback a token is needed', '127.0.0.1')
    .option('--port <number>', 'port; 0 takes any free one', wholeNumber, 8700)
    .addOption(new Option('--token <token>', 'what scoring requests must carry as a bearer token').env('GLOBE_TOKEN'))
    .addOption(
      new Option('--mode <mode>', 'formulas of the paper, of the release, or shaped by distance')
        .choices(REWARD_MODES)
        .default('paper'),
    )
    .option(
      '--weights <weights>',
      `${Object.keys(WEIGHT_PRESETS).join(', ')}, or accuracy=1,visual=0.5,…`,
      weights,
      WEIGHT_PRESETS['readme-two'],
    )
    .option('--alpha <share>', 'weight of the city within a right country (0.8)', share)
    .option('--shape <shape>', `of mode distance: ${SHAPE_FORMS}`, shape)
    .option('--length <most,buffer>', 'limits of the length reward in tokens, such as 1024,256', lengthLimits)
    .option('--judge <model>', 'judge of localizability: BASE_URL#NAME, nano:FOLDER or a configured model')
    .option('--judge-concurrency <number>', 'calls to the judge at a time', wholeNumber, 32)
    .option('--judge-cool-down <seconds>', 'how long a judge that keeps failing is left alone', seconds, 5)
    .option('--images <folder>', 'folder of images that rows name by id or path')
    .option('--deadline <seconds>', 'after which rows that wait for the judge come back unscored', seconds, 60)
    .option('--max-body <MiB>', 'largest request', wholeNumber, 64)
    .action(run);
}

async function run(options: Options): Promise<void> {
  using interrupt = interruptSignal();
  const { host, port, token, mode, weights, alpha, shape, length, images, deadline, maxBody } = options;
  if (shape !== undefined && mode !== 'distance') {
    throw invalidInput(`Mode ${mode} has no shape.`, 'Add --mode distance, or take --shape out.');
  }
  if (images !== undefined) await checkFolder(images);
  const judge = options.judge === undefined ? undefined : await openJudge(options.judge, options);
  using log = bufferedLog();
  const app = rewardService({
    scoring: {
      mode,
      weights,
      gazetteer: openGazetteer(),
      grounder: await openGrounder(),
      images: imageSource(images === undefined ? {} : { folder: images }),
      deadlineMs: deadline * 1000,
      ...(judge && { judge }),
      ...defined({ alpha }),
      ...(shape && { shape }),
      ...(length && { length }),
    },
    maxBodyBytes: maxBody * MEBIBYTE,
    log: log.logger,
    now: () => performance.now(),
    ...defined({ token }),
  });
  const listening = await listen(app, { host, port, ...defined({ token }) });
  note(`Rewards at ${listening.url}/v1/score, in OpenRLHF's form at ${listening.url}/get_reward; Ctrl-C ends.`);
  await new Promise<void>((done) => {
    interrupt.signal.addEventListener('abort', () => done(), { once: true });
  });
  await listening.close();
}

async function checkFolder(images: string): Promise<void> {
  const found = await stat(images).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw invalidInput(
    `The image folder ${images} ${found === undefined ? 'is not there' : 'is no folder'}.`,
    'Name the folder of the images with --images.',
  );
}

/** Lines go to stderr together, a second late at most: a write for each request would hold up the requests. */
function bufferedLog(): Disposable & { readonly logger: Logger } {
  const stderr = pino.destination({ dest: process.stderr.fd, sync: false, minLength: 4096 });
  const timer = setInterval(() => stderr.flush(), 1000).unref();
  return {
    logger: pino({ base: null }, stderr),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      stderr.flushSync();
    },
  };
}

/** The guard decides what happens in an outage, so a call is repeated once and not for minutes. */
async function openJudge(
  model: string,
  { judgeConcurrency: concurrency, judgeCoolDown, deadline }: Options,
): Promise<GuardedJudge> {
  const opened = await openModel({ model, concurrency, quiet: true, retry: { maxAttempts: 2 } });
  return guardJudge(opened.model, {
    concurrency,
    coolDownMs: judgeCoolDown * 1000,
    callTimeoutMs: Math.min(deadline, MAX_SECONDS_A_CALL) * 1000,
  });
}
