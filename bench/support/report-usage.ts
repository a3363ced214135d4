/** Loaded before a program (`node --import`): writes what the process used to the file in BENCH_USAGE when it ends. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, memoryMiB: maxRSS / 1024 };
  writeFileSync(process.env.BENCH_USAGE!, JSON.stringify(usage));
});
