/** The defaults of a module, for benchmarks of the driver alone. */
export const settings = {
  maxOpenConns: 10,
  maxIdleConns: 5,
  connMaxLifetimeSeconds: 1800,
  connMaxIdleTimeSeconds: 300,
  timeoutMs: 30_000,
  int64: 'exact',
  binary: 'text',
} as const;
