/**
 * Stands for all paths of a record: a whole number out of a script is an integer, wherever it stands.
 *
 * As large as a set can be, it has every other one as a subset, so that marks added later change nothing.
 *
 * @see spec/connectors/filters.md, section 8
 */
class EveryPath extends Set<string> {
  override get size(): number {
    return Infinity;
  }

  override has(): boolean {
    return true;
  }
}

export const everyPath: ReadonlySet<string> = new EveryPath();
