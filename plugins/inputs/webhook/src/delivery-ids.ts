import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { spoolDamaged, spoolFailed } from './faults.ts';
import { type AppendFile, appendFile, syncFolder } from './spool/append-file.ts';
import { fileOrNothing } from './spool/file-or-nothing.ts';
import { frameOf, framesIn } from './spool/frame.ts';

/** Remembers what was delivered, so that a delivery that comes again starts nothing. */
export interface DeliveryIds {
  open(): Promise<void>;
  has(key: string): boolean;
  /** Resolves when it is durable. */
  remember(key: string): Promise<void>;
  forget(key: string): void;
  close(): Promise<void>;
}

const maxAgeMs = 24 * 60 * 60 * 1000;
const maxKeys = 100_000;
/** Time in milliseconds, in front of the key. 0: the key is forgotten. */
const timeBytes = 6;

/**
 * Keeps delivery ids in a file beside the spool: those of the last 24 hours, 100 000 at most.
 *
 * @see spec/runtime/model.md, section 8
 */
export function deliveryIds(folder: string): DeliveryIds {
  const name = path.join(folder, 'delivery-ids.log');
  /** In the order of their age. */
  const times = new Map<string, number>();
  let file: AppendFile | undefined;
  let written = 0;
  let rewriting: Promise<void> | undefined;

  const enter = (key: string, time: number): void => {
    times.delete(key);
    if (time > 0) times.set(key, time);
  };
  const dropOld = (): void => {
    const oldest = Date.now() - maxAgeMs;
    for (const [key, time] of times) {
      if (time >= oldest && times.size <= maxKeys) return;
      times.delete(key);
    }
  };
  /** Writes what is remembered to a new file, which takes the place of the old one. */
  const rewrite = async (): Promise<void> => {
    const fresh = `${name}.new`;
    await rm(fresh, { force: true });
    const made = await appendFile(fresh);
    for (const [key, time] of times) {
      void made.note(frameOf(timeOf(time), Buffer.from(key))).catch(() => undefined);
    }
    const old = file;
    file = made;
    written = times.size;
    await made.sync();
    await rename(fresh, name);
    await syncFolder(folder);
    await old?.close();
  };

  return {
    async open() {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const { frames, damagedAt } = framesIn(await fileOrNothing(name));
        if (damagedAt !== undefined) throw spoolDamaged(name, damagedAt);
        for (const { content } of frames) {
          enter(content.toString('utf8', timeBytes), content.readUIntBE(0, timeBytes));
        }
        dropOld();
        await rewrite();
      } catch (error) {
        throw error instanceof Error && 'category' in error ? error : spoolFailed(folder, error);
      }
    },
    has(key) {
      const time = times.get(key);
      return time !== undefined && time >= Date.now() - maxAgeMs;
    },
    async remember(key) {
      enter(key, Date.now());
      dropOld();
      written++;
      await file?.append(frameOf(timeOf(Date.now()), Buffer.from(key)));
      if (written > 2 * maxKeys || file?.isBroken === true) {
        await (rewriting ??= rewrite().finally(() => void (rewriting = undefined)));
      }
    },
    forget(key) {
      if (!times.delete(key)) return;
      written++;
      // If it is lost, the delivery is answered without being repeated, as it was before it failed.
      file?.note(frameOf(timeOf(0), Buffer.from(key))).catch(() => undefined);
    },
    async close() {
      await rewriting?.catch(() => undefined);
      await file?.sync().catch(() => undefined);
      await file?.close();
    },
  };
}

function timeOf(time: number): Buffer {
  const bytes = Buffer.alloc(timeBytes);
  bytes.writeUIntBE(time, 0, timeBytes);
  return bytes;
}
