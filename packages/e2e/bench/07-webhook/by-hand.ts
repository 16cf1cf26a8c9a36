import { createServer } from 'node:http';
import process from 'node:process';

/** What a webhook is by hand: the body is parsed, counted and answered. */
let left = Number(process.env['COUNT']);
const answer = '{"status":"ok"}';
const headers = { 'content-type': 'application/json', 'content-length': answer.length };
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    JSON.parse(Buffer.concat(parts).toString());
    left--;
    response.writeHead(200, headers).end(answer);
    if (left === 0) server.close();
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1');
