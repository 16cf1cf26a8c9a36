/**
 * Does tasks together, when everything that the system has ready was looked at. Answers that leave
 * one by one wake the other side for each of them, and that costs more than the answer.
 */
export function inBursts(): (task: () => void) => void {
  let tasks: (() => void)[] = [];
  const run = (): void => {
    const due = tasks;
    tasks = [];
    for (const task of due) task();
  };
  return (task) => {
    if (tasks.push(task) === 1) setImmediate(run);
  };
}
