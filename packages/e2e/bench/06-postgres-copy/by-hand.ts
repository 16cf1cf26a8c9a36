import { close, fetchRows, open, transform, write } from './copy.ts';

await open();
for (;;) {
  const orders = await fetchRows();
  if (orders.length === 0) break;
  await write(transform(orders));
}
await close();
