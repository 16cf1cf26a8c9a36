// The command line: arguments → host → print. `bin.js` hands over its own address.
export { main } from './main.ts';
