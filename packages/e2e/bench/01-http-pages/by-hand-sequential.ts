import { close, fetchPage, send, transform } from './by-hand.ts';

let pages = 1;
for (let page = 1; page <= pages; page++) {
  const got = await fetchPage(page);
  ({ pages } = got);
  await send(transform(got.records));
}
await close();
