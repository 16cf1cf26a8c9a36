// What benchmarks of HTTP share. This door is for this repository only: it is not published.
export { alternate } from './bench/alternate.ts';
export { type Answering, answeringServer } from './bench/answering-server.ts';
