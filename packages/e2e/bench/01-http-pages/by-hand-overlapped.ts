import { close, fetchPage, type Page, send, transform } from './by-hand.ts';

let next: Promise<Page> | undefined = fetchPage(1);
for (let page = 1; next !== undefined; page++) {
  const { pages, records }: Page = await next;
  next = page < pages ? fetchPage(page + 1) : undefined;
  await send(transform(records));
}
await close();
