/** A place in a statement, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Gives the place that PostgreSQL names in an error: it counts characters. */
export function placeIn(statement: string, error: unknown): Place | undefined {
  if (!(error instanceof Error) || !('position' in error)) return undefined;
  const position = Number(error.position);
  if (!(position >= 1)) return undefined;
  const before = Array.from(statement).slice(0, position - 1);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.filter((character) => character === '\n').length + 1;
  return { line, column: before.length - lineStart + 1 };
}
