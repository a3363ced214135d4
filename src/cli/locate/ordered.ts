/** Runs a task for each item, several at a time, and yields the results in the items' order as soon as they can be. */

export async function* ordered<T, R>(
  items: readonly T[],
  task: (item: T, index: number) => Promise<R>,
  { ahead }: { ahead: number },
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  while (next < items.length || running.length > 0) {
    while (next < items.length && running.length < ahead) {
      const started = task(items[next]!, next);
      // It may fail before its turn comes; whoever awaits it below still sees that.
      started.catch(() => undefined);
      running.push(started);
      next += 1;
    }
    yield await running.shift()!;
  }
}
