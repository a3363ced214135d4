/** `globe serve`: runs the reward service, for trainers in any language. */
import { readFile, stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { type Logger, pino } from 'pino';
import { serviceLog } from '../../server/service-log.ts';
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
import { portNumber, seconds, share, wholeNumber } from '../option-values.ts';
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
  readonly verifier?: string;
  readonly elementLabels?: string;
  readonly parts?: true;
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
    .option('--host <address>', 'address to listen on; needs a token unless it is loopback', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, 8700)
    .addOption(new Option('--token <token>', 'bearer token that scoring requests must carry').env('GLOBE_TOKEN'))
    .addOption(
      new Option(
        '--mode <mode>',
        'reward formulas of the paper, of the release, shaped by distance, or with verified claims (recommended)',
      )
        .choices(REWARD_MODES)
        .default('paper'),
    )
    .addOption(
      new Option(
        '--weights <weights>',
        `weights of the rewards: ${Object.keys(WEIGHT_PRESETS).join(', ')}, or accuracy=1,visual=0.5,…`,
      )
        .argParser(weights)
        .default(WEIGHT_PRESETS['readme-two'], 'readme-two'),
    )
    .option('--alpha <share>', 'weight of the city within the right country (default: 0.8)', share)
    .option('--shape <shape>', `shape of the distance reward: ${SHAPE_FORMS}`, shape)
    .option('--length <max,buffer>', 'limits of the length reward in tokens, e.g. 1024,256', lengthLimits)
    .option('--judge <model>', 'localizability judge: BASE_URL#NAME, nano:FOLDER or a configured model')
    .option('--verifier <model>', 'model that checks the claims of mode verified: BASE_URL#NAME or a configured model')
    .option(
      '--element-labels <file>',
      'labels that the elements of rows can have, one a line, for mode verified without --verifier',
    )
    .option(
      '--judge-concurrency <number>',
      'maximum number of requests to the judge or the verifier at once',
      wholeNumber,
      32,
    )
    .option('--judge-cool-down <seconds>', 'pause after repeated failures of the judge', seconds, 5)
    .option('--images <folder>', 'folder of the images that rows name by id or path')
    .option('--deadline <seconds>', 'time after which rows that wait for the judge return unscored', seconds, 60)
    .option('--max-body <MiB>', 'maximum size of a request', wholeNumber, 64)
    .action(run);
}

async function run(options: Options): Promise<void> {
  using interrupt = interruptSignal();
  const { host, port, token, mode, weights, alpha, shape, length, images, deadline, maxBody } = options;
  if (shape !== undefined && mode !== 'distance') {
    throw invalidInput(`--shape does not apply to mode ${mode}.`, 'Add --mode distance or remove --shape.');
  }
  if (images !== undefined) await checkFolder(images);
  for (const [option, value] of Object.entries({
    verifier: options.verifier,
    'element-labels': options.elementLabels,
  })) {
    if (value !== undefined && mode !== 'verified') {
      throw invalidInput(`--${option} does not apply to mode ${mode}.`, `Add --mode verified or remove --${option}.`);
    }
  }
  const judge = options.judge === undefined ? undefined : await openJudge(options.judge, options);
  const verifier = await openVerifier(options, judge);
  const vocabulary = options.elementLabels === undefined ? undefined : await readLabels(options.elementLabels);
  using log = bufferedLog();
  const app = rewardService({
    scoring: {
      mode,
      weights,
      gazetteer: openGazetteer(),
      grounder: await openGrounder({ parts: options.parts === true }),
      images: imageSource(images === undefined ? {} : { folder: images }),
      deadlineMs: deadline * 1000,
      ...(judge && { judge }),
      ...(verifier && { verifier }),
      ...defined({ alpha, vocabulary }),
      ...(shape && { shape }),
      ...(length && { length }),
    },
    maxBodyBytes: maxBody * MEBIBYTE,
    log: log.logger,
    now: () => performance.now(),
    ...defined({ token }),
  });
  const listening = await listen(app, { host, port, ...defined({ token }) });
  note(`Rewards at ${listening.url}/v1/score, for OpenRLHF at ${listening.url}/get_reward. Press Ctrl-C to stop.`);
  await new Promise<void>((done) => {
    interrupt.signal.addEventListener('abort', () => done(), { once: true });
  });
  await listening.close();
}

async function checkFolder(images: string): Promise<void> {
  const found = await stat(images).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw invalidInput(
    `Invalid --images: ${images} ${found === undefined ? 'does not exist' : 'is not a folder'}.`,
    'Give the folder of the images.',
  );
}

/** Buffers log lines for at most a second, because writing to stderr for every request would delay the requests. */
function bufferedLog(): Disposable & { readonly logger: Logger } {
  const stderr = pino.destination({ dest: process.stderr.fd, sync: false, minLength: 4096 });
  const timer = setInterval(() => stderr.flush(), 1000).unref();
  return {
    logger: serviceLog(stderr),
    [Symbol.dispose]: () => {
      clearInterval(timer);
      stderr.flushSync();
    },
  };
}

/** A failed call is retried only once, because `GuardedJudge` handles longer outages. */
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

/**
 * If both options name the same model, one object is both judge and verifier, so that both roles share its limits and
 * its cache.
 */
async function openVerifier(options: Options, judge: GuardedJudge | undefined): Promise<GuardedJudge | undefined> {
  const { verifier } = options;
  if (verifier === undefined) return undefined;
  return verifier === options.judge ? judge : openJudge(verifier, options);
}

async function readLabels(path: string): Promise<string[]> {
  const labels = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
  return labels.filter((label) => label !== '');
}
