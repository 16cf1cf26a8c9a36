import { close, fetchPage, send, transform } from './by-hand.ts';

let next: ReturnType<typeof fetchPage> | undefined = fetchPage(1);
for (let page = 1; next !== undefined; page++) {
  const { pages, records } = await next;
  next = page < pages ? fetchPage(page + 1) : undefined;
  await send(transform(records));
}
await close();
