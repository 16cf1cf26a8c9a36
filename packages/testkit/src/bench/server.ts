// Answers every request after so many milliseconds. Prints its port; ends with its parent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const answer = Buffer.from('{"ok":true}');
const delayMs = Number(process.argv[2] ?? 0);

const server = createServer((request, response) => {
  request.on('end', () => {
    const end = (): void => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': answer.length,
      });
      response.end(answer);
    };
    if (delayMs > 0) setTimeout(end, delayMs);
    else end();
  });
  request.resume();
});
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit());
