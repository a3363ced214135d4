/** Processes several items at the same time and yields the results in the order of the items. */

/**
 * Runs `task` on at most `concurrency` items at the same time. Tasks start before the consumer requests their results.
 */
export async function* orderedMap<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  task: (item: In, index: number) => Promise<Out>,
  { concurrency }: { readonly concurrency: number },
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  let index = 0;
  for await (const item of items) {
    const started = task(item, index++);
    // The result is awaited later. Until then, a failure must not count as an unhandled rejection.
    started.catch(() => undefined);
    running.push(started);
    if (running.length >= concurrency) yield await running.shift()!;
  }
  for (const started of running) yield await started;
}
