/** Work on several items at a time, results in the items' order. */

/** Runs `task` on at most `concurrency` items ahead of the consumer. */
export async function* orderedMap<In, Out>(
  items: AsyncIterable<In> | Iterable<In>,
  task: (item: In) => Promise<Out>,
  { concurrency }: { readonly concurrency: number },
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  for await (const item of items) {
    const started = task(item);
    // It is awaited in its turn; until then its failure must not count as unhandled.
    started.catch(() => undefined);
    running.push(started);
    if (running.length >= concurrency) yield await running.shift()!;
  }
  for (const started of running) yield await started;
}
