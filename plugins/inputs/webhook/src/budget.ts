/** Bytes of bodies that are read, or that wait for their turn (G9). */
export interface Budget {
  hold(bytes: number): void;
  release(bytes: number): void;
  /** Nothing more fits. */
  isFull(): boolean;
}

export function budgetOf(maxBytes: number): Budget {
  let held = 0;
  return {
    hold: (bytes) => void (held += bytes),
    release: (bytes) => void (held -= bytes),
    isFull: () => held >= maxBytes,
  };
}
