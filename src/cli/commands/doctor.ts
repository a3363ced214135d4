/** `globe doctor`: checks what is installed and reachable, and prints how to fix each problem. */
import { Command } from 'commander';
import { defined } from '../../core/defined.ts';
import { GlobeError } from '../../core/errors.ts';
import type { Check } from '../doctor/check.ts';
import { checkInstallation } from '../doctor/check-installation.ts';
import { checkModel } from '../doctor/check-model.ts';
import { collect } from '../option-values.ts';
import { interruptSignal, print, printJson } from '../output.ts';

type Options = {
  readonly model?: readonly string[];
  readonly baseUrl?: string;
  readonly modelId?: string;
  readonly json?: true;
};

export function command(): Command {
  return new Command('doctor')
    .description('Check what is installed, reachable or missing, and print how to fix it.')
    .option('--model <model>', 'also check this model, on its server or on disk; repeatable', collect)
    .option('--base-url <url>', 'server of a preset or configured model')
    .option('--model-id <id>', "the server's name for the model")
    .option('--json', 'print the checks as JSON')
    .addHelpText(
      'after',
      '\nContacts only the servers of models given with --model. Exit codes: 0 all checks passed, 1 a check failed.',
    )
    .action(run);
}

async function run({ model = [], baseUrl, modelId, json }: Options): Promise<void> {
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
