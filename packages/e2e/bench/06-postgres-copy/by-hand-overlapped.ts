import { close, fetchRows, open, transform, write } from './copy.ts';

await open();
let next = fetchRows();
for (;;) {
  const orders = await next;
  if (orders.length === 0) break;
  next = fetchRows();
  await write(transform(orders));
}
await close();
