/** A record as the benchmarks know it: about 300 bytes, half of them paid. */
export function recordOf(id: number): Record<string, unknown> {
  return {
    id,
    status: id % 2 === 0 ? 'paid' : 'open',
    amount: String((id * 37) % 5000),
    currency: 'EUR',
    customer: {
      id: id % 977,
      name: `  Ada Lovelace ${id % 977} `,
      email: `ADA.${id % 977}@EXAMPLE.COM`,
    },
    lines: [
      { sku: `A-${id % 100}`, quantity: 1, price: 12.5 },
      { sku: `B-${id % 50}`, quantity: 3, price: 4.25 },
    ],
    updatedAt: `2026-04-21T12:${String(id % 60).padStart(2, '0')}:56.123456Z`,
  };
}
