import type { JsonRecord } from '@cannectors/core';

const names = ['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Donald', 'Radia'];
const statuses = ['paid', 'open', 'cancelled'];

/** The collections of the example API: the same at every start. */
export function exampleData(): Record<string, JsonRecord[]> {
  return { orders: list(95, order), customers: list(40, customer) };
}

function order(id: number): JsonRecord {
  return {
    id,
    customer: { id: ((id * 7) % 40) + 1, name: nameOf(id) },
    status: statuses[id % 3] ?? 'open',
    total: ((id * 1_237) % 50_000) / 100,
    lines: list((id % 3) + 1, (line) => ({ sku: `SKU-${id}-${line}`, quantity: line })),
    updatedAt: new Date(Date.UTC(2026, 0, 1) + id * 3_600_000).toISOString(),
  };
}

function customer(id: number): JsonRecord {
  return { id, name: nameOf(id), email: `${nameOf(id).toLowerCase()}${id}@example.com` };
}

function nameOf(id: number): string {
  return names[id % names.length] ?? 'Ada';
}

function list(length: number, make: (id: number) => JsonRecord): JsonRecord[] {
  return Array.from({ length }, (_, index) => make(index + 1));
}
