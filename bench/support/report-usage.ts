/** Preload this module with `node --import`: at exit, it writes CPU time and peak memory to the file in BENCH_USAGE. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, memoryMiB: maxRSS / 1024 };
  writeFileSync(process.env.BENCH_USAGE!, JSON.stringify(usage));
});
