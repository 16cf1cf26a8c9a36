/**
 * Does tasks with up to `lanes` in flight, and gives how many were begun.
 *
 * They begin in order. When `failed` says no, none begins any more; those in flight are awaited.
 *
 * @param failed takes what a task threw and says whether to go on; what it throws ends everything
 */
export async function inLanes(
  count: number,
  lanes: number,
  task: (index: number) => Promise<unknown>,
  failed: (index: number, error: unknown) => boolean,
): Promise<number> {
  let next = 0;
  let goesOn = true;
  const lane = async (): Promise<void> => {
    while (goesOn && next < count) {
      const index = next++;
      try {
        await task(index);
      } catch (error) {
        if (!failed(index, error)) goesOn = false;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  return next;
}
