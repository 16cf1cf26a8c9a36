type Way = () => Promise<unknown>;

/**
 * Runs ways of doing one thing in turn, and gives for each how its time compares with the first one's:
 * the median over the rounds. Side by side, because a busy machine is busy for all of them then.
 */
export async function alternate(
  ways: Readonly<Record<string, Way>>,
  rounds: number,
): Promise<Record<string, number>> {
  const ratios: Record<string, number[]> = {};
  for (let round = -2; round < rounds; round++) {
    let first = 0;
    for (const [name, way] of Object.entries(ways)) {
      const start = performance.now();
      await way();
      const time = performance.now() - start;
      first ||= time;
      if (round >= 0) (ratios[name] ??= []).push(time / first);
    }
  }
  return Object.fromEntries(
    Object.entries(ratios).map(([name, all]) => [
      name,
      all.toSorted((a, b) => a - b)[rounds >> 1]!,
    ]),
  );
}
