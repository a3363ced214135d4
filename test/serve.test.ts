/** Tests `globe serve` as a process. It must print its address, score, log, and end on SIGINT. */
import { expect, it } from 'vitest';
import { runGlobe } from './support/run-globe.ts';

it('scores rows at the printed address, and writes its log before it ends on SIGINT', async () => {
  let rows: unknown;
  const { stderr } = await runGlobe(['serve', '--port', '0', '--weights', 'accuracy=1'], {
    started: async (child) => {
      const url = await new Promise<string>((resolve) => {
        child.stderr!.on('data', (text: string) => {
          const found = /http:\S+\/v1\/score/u.exec(text)?.[0];
          if (found !== undefined) resolve(found);
        });
      });
      const row = { id: 'a', completion: 'country: France\ncity: Paris', solution: 'France\tParis' };
      const body = JSON.stringify({ rows: [row] });
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      ({ rows } = (await answer.json()) as { rows: unknown });
      child.kill('SIGINT');
    },
  });
  expect(rows).toEqual([{ id: 'a', components: { accuracy: 1 }, total: 1 }]);
  expect(stderr).toContain('"rows":1');
}, 60_000);

it.each([
  [['--images', '/nonexistent'], 'Invalid --images: /nonexistent does not exist'],
  [['--shape', 'exponential=10'], '--shape does not apply to mode paper'],
  [['--weights', 'script'], 'weight 0.5 but no judge'],
  [['--weights', 'accuracy=1,length=1'], 'weight 1 but no limits'],
])('does not start with %j', async (options, problem) => {
  const { stderr, exitCode } = await runGlobe(['serve', '--port', '0', ...options]);
  expect(stderr).toContain(problem);
  expect(exitCode).toBe(2);
});
