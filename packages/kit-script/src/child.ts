// The program of the child process: it holds the engine with one script, and answers its parent, which
// is at the other end of the standard streams. When the parent is gone, so is this process.
import process from 'node:process';
import { Broken, type Engine, type EngineOptions, sliceMs } from './child/engine.ts';
import { isolateEngine } from './child/isolate.ts';
import { frameOf, frameReader } from './frames.ts';
import { messageOf, type Order, parted, type Report } from './messages.ts';

type Load = Extract<Order, { do: 'load' }>;
type Run = Extract<Order, { do: 'run' }>;

const mib = 1024 * 1024;
/** How often CPU time and memory are looked at while the script runs. */
const watchMs = 20;

const end = (): void => void process.kill(process.pid, 'SIGKILL');
const say = (text: string): void => void process.stdout.write(frameOf(text));
const report = (head: Report): void => say(messageOf(head));

// A signal to the terminal's group is meant for the parent, which may still need the script.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.on('data', frameReader(0xffff_ffff, take, end));
for (const event of ['end', 'close', 'error']) process.stdin.on(event, end);
process.stdout.on('error', end);

let engine: Engine | undefined;
let limits: Load['limits'];
let life: number | undefined;
let isBroken = false;
let previous: Promise<void> = Promise.resolve();
let keptBytes = 0;

function take(message: string): void {
  previous = previous.then(() => obey(...parted<Order>(message)));
}

async function obey(order: Order, text: string): Promise<void> {
  if (isBroken) return;
  if (order.do === 'run') return await work(order, text);
  limits = order.limits;
  try {
    engine = await engineFor(order);
    keptBytes = process.memoryUsage.rss();
    report({ is: 'ready' });
  } catch (error) {
    report({ is: 'useless', reason: error instanceof Error ? error.message : String(error) });
  }
}

async function engineFor(options: EngineOptions): Promise<Engine> {
  return isolateEngine((await import('isolated-vm')).default, options);
}

async function work(order: Run, text: string): Promise<void> {
  const place = engine as Engine;
  const watched = watch(place, order, text.length);
  try {
    if (life !== order.life) {
      const wrong = await place.begin();
      if (wrong !== undefined) return report({ is: 'unstartable', id: order.id, ...wrong });
      ({ life } = order);
      report({ is: 'begun', id: order.id });
      watched.restart();
    } else if (order.count === 0) report({ is: 'begun', id: order.id });
    if (order.count > 0) await answers(place, order, text, watched.restart);
  } catch (error) {
    // Anything else comes from objects of the harness that the script has tampered with.
    isBroken = true;
    const breach = error instanceof Broken ? error.breach : 'spoilt';
    if (breach !== 'timeout') return report({ is: 'broken', id: order.id, breach });
    // What was done before stands, and it is known which record was at hand.
    say(await place.take(true));
    report({ is: 'broken', id: order.id, breach, isTold: true });
  } finally {
    watched.stop();
  }
}

/** Says what there is as soon as a slice is over, so that the parent sees it go on. */
async function answers(
  place: Engine,
  order: Run,
  text: string,
  restart: () => void,
): Promise<void> {
  const { id, from, count, isStepwise, isExact, facts = '' } = order;
  const untilMs = isStepwise ? -1 : sliceMs;
  let said = await place.run(text, id, from, isExact, untilMs, facts);
  if (said === '') said = await place.take(false);
  for (;;) {
    const [head] = parted<Report>(said);
    if (head.is !== 'answer' && head.is !== 'broken') throw new Broken('spoilt');
    say(said);
    if (head.is === 'broken' || head.next >= from + count) return;
    restart();
    said = await place.more(untilMs);
  }
}

function watch(place: Engine, { id }: Run, textLength: number) {
  // What this process itself has left lying about is not the script's.
  if (process.memoryUsage.rss() > keptBytes + 128 * mib) {
    globalThis.gc?.();
    // What could not be given back is no reason to collect again: that takes as long as a batch.
    keptBytes = process.memoryUsage.rss();
  }
  // The heap of the isolate is limited by itself; this is for what lies beside it.
  const room = 2 * limits.memMb * mib + 64 * mib + 8 * textLength;
  const mostBytes = process.memoryUsage.rss() + room;
  // Where both limits are the same, the clock of the engine comes first: it tells which record it was.
  const lateMs = limits.cpuMs < limits.timeoutMs ? 0 : 10 * watchMs;
  let before = place.cpuMs();
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() > mostBytes) process.abort();
    if (place.cpuMs() - before < limits.cpuMs + sliceMs + lateMs) return;
    clearInterval(timer);
    report({ is: 'broken', id, breach: 'cpu' });
    place.end();
  }, watchMs);

  return {
    /** The limit of CPU time counts from now. */
    restart: () => void (before = place.cpuMs()),
    stop: () => clearInterval(timer),
  };
}
