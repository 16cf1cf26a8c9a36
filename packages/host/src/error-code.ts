/** The `code` of an error of Node: `ENOENT`, `EACCES`. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
