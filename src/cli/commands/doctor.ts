/** `globe doctor`: what is installed, reachable, missing, and how to fix it. */
import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import type { Check } from '../doctor/check.ts';
import { checkInstallation } from '../doctor/check-installation.ts';
import { checkModel } from '../doctor/check-model.ts';
import { collect } from '../option-values.ts';
import { interruptSignal, print, printJson } from '../output.ts';

type Options = {
  readonly model: readonly string[];
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly json?: true;
};

export function command(): Command {
  return new Command('doctor')
    .description('Say what is installed, reachable and missing, and how to fix it.')
    .option('--model <model>', 'also check this model; its server is asked what it offers', collect, [])
    .option('--base-url <url>', 'the server of a preset or configured model')
    .option('--model-id <id>', 'what that server calls the model')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nNo network is used but to the servers of the models that are named. Exit code 1 when something is wrong.',
    )
    .action(run);
}

async function run({ model, baseUrl, modelId, json }: Options): Promise<void> {
  using interrupt = interruptSignal();
  const folder = process.cwd();
  const checks = await checkInstallation(folder, process.env);
  for (const spec of model) {
    checks.push(
      await checkModel(spec, {
        folder,
        env: process.env,
        signal: interrupt.signal,
        ...defined({ baseUrl, modelId }),
      }),
    );
  }
  const problems = checks.filter(({ status }) => status === 'problem').length;
  if (json === true) printJson({ ok: problems === 0, checks });
  else print(checks.map(line).join('\n'));
  if (problems > 0) {
    const message = `${problems} ${problems === 1 ? 'check' : 'checks'} failed.`;
    throw new GlobeError({ code: 'service', message });
  }
}

const MARKS = { ok: '✓', absent: '·', problem: '✗' } as const;

function line({ name, status, detail, fix }: Check): string {
  const text = `${MARKS[status]} ${name}: ${detail}`;
  return fix === undefined || status === 'ok' ? text : `${text}\n    ${fix}`;
}
