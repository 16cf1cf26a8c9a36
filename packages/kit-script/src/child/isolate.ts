import process from 'node:process';
import type ivm from 'isolated-vm';
import {
  Broken,
  type Engine,
  type EngineOptions,
  entryOf,
  type Misstart,
  sliceMs,
} from './engine.ts';
import { harnessText } from './harness-text.ts';
import type { Inside } from './harness.ts';

type Call = ivm.Reference<(...given: never[]) => unknown>;

/** Runs a script in an isolate of V8: an engine of its own, on a thread of its own. */
export function isolateEngine(
  { Isolate }: typeof ivm,
  { mode, script, limits, maxOutput }: EngineOptions,
): Engine {
  const isolate = new Isolate({
    memoryLimit: Math.max(limits.memMb, 8),
    // V8 is beyond help; whoever waits for this process learns it from its end.
    onCatastrophicError: () => process.abort(),
  });
  const timeout = limits.timeoutMs + (mode === 'record' ? sliceMs : 0);
  let calls: Readonly<Record<keyof Inside, Call>> | undefined;
  let context: ivm.Context | undefined;

  const call = async (name: keyof Inside, ...given: readonly unknown[]): Promise<string> => {
    try {
      const { [name]: wanted } = calls as Readonly<Record<keyof Inside, Call>>;
      return (await wanted.apply(undefined, given as never[], { timeout })) as string;
    } catch (error) {
      throw breachOf(error, isolate) ?? error;
    }
  };

  const entry = async (place: ivm.Context): Promise<ivm.Reference> => {
    const name = entryOf(mode);
    if (!script.isModule) {
      const compiled = await isolate.compileScript(script.text, { filename: script.name });
      (await compiled.run(place, { timeout, reference: true })).release();
      compiled.release();
      // `const transform = …` is no property of the global object.
      return await place.eval(`typeof ${name} === 'undefined' ? undefined : ${name}`, {
        timeout,
        reference: true,
      });
    }
    const module = await isolate.compileModule(script.text, { filename: script.name });
    await module.instantiate(place, () => {
      throw new TypeError('A script imports nothing.');
    });
    await module.evaluate({ timeout, reference: true });
    const named = await module.namespace.get(name, { reference: true });
    return named.typeof === 'undefined'
      ? await module.namespace.get('default', { reference: true })
      : named;
  };

  const begin = async (): Promise<Misstart | undefined> => {
    // What is not released here keeps the context before alive, until the memory is used up.
    for (const old of Object.values(calls ?? {})) old.release();
    context?.release();
    context = await isolate.createContext();
    const inside = await context.eval(harnessText(mode, maxOutput), {
      filename: 'sandbox',
      reference: true,
    });
    const member = (name: keyof Inside): Promise<Call> => inside.get(name, { reference: true });
    calls = {
      begin: await member('begin'),
      run: await member('run'),
      more: await member('more'),
      take: await member('take'),
    };
    inside.release();
    const found = await entry(context);
    const wrong = await call('begin', found.derefInto({ release: true }));
    return wrong === '' ? undefined : { kind: wrong as Misstart['kind'], text: '' };
  };

  return {
    async begin() {
      try {
        return await begin();
      } catch (error) {
        const broken = error instanceof Broken ? error : breachOf(error, isolate);
        return broken === undefined ? thrown(error) : { kind: broken.breach, text: '' };
      }
    },
    run: (...given) => call('run', ...given),
    more: (untilMs) => call('more', untilMs),
    take: (isInterrupted) => call('take', isInterrupted),
    cpuMs: () => (isolate.isDisposed ? 0 : Number(isolate.cpuTime / 1_000_000n)),
    end() {
      if (!isolate.isDisposed) isolate.dispose();
    },
  };
}

function breachOf(error: unknown, isolate: ivm.Isolate): Broken | undefined {
  if (isolate.isDisposed) return new Broken('memory');
  const isLate = error instanceof Error && error.message === 'Script execution timed out.';
  return isLate ? new Broken('timeout') : undefined;
}

function thrown(error: unknown): Misstart {
  const kind = error instanceof SyntaxError ? 'compile' : 'thrown';
  if (!(error instanceof Error)) return { kind, text: String(error) };
  return { kind, text: `${error.name}: ${error.message}`, stack: error.stack ?? '' };
}
