/** Longest wait of a suite for something that should happen soon. */
export const soonMs = 5_000;

/** Waits for a promise, and gives `late` when it takes longer than `soonMs`. */
export async function within<T, L>(promise: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<L>((resolve) => {
    timer = setTimeout(resolve, soonMs, late);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a condition holds; throws after `soonMs`, naming what did not happen. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + soonMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Did not happen in ${soonMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
