import { createHook } from 'node:async_hooks';
import { readdirSync } from 'node:fs';

/** Kinds of asynchronous resources that stay after the call that made them. */
const handle =
  /WRAP$|^FILEHANDLE|^FS|^Timeout$|^Immediate$|WORKER|^HTTP|^TLS|PIPE|^UDP|STATWATCHER|MESSAGEPORT/;

/** Names what a function leaves open: sockets, timers, files, processes. */
export function handlesOpenedBy(task: () => void): string[] {
  const opened: string[] = [];
  const hook = createHook({
    init(_id, type) {
      if (handle.test(type)) opened.push(type);
    },
  });
  const before = openFiles();
  hook.enable();
  try {
    task();
  } finally {
    hook.disable();
  }
  const files = openFiles() - before;
  return files > 0 ? [...opened, `${files} open file${files > 1 ? 's' : ''}`] : opened;
}

/** Counts the descriptors of the process; 0 where the system does not say. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
