// A sandbox for the JavaScript of users: a process of its own with an isolate in it. Nothing of a script
// runs in this process; what comes back is text, and is looked at before it is used.
// The fields of a config are behind the door `./config`; `./child` is the program of that process.
export { type BatchSandbox, batchSandbox } from './batch-sandbox.ts';
export { limitsOf } from './limits.ts';
export { type RecordSandbox, recordSandbox } from './record-sandbox.ts';
export { recordText } from './record-texts.ts';
export { scriptSource } from './script-source.ts';
