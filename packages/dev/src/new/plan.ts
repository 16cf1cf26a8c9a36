export type Kind = 'input' | 'filter' | 'output';

/** A type in the spellings that its files need. */
export interface Name {
  /** The word in YAML, and the function: `httpPolling`. */
  readonly type: string;
  /** The folder and the file: `http-polling`. */
  readonly file: string;
}

/** What a kind of plugin has of its own. */
export interface Plan {
  /** The summary: one sentence. */
  readonly description: string;
  /** The smallest config, as YAML under the step. */
  readonly use: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** Files besides those that every plugin has. */
  readonly files: Readonly<Record<string, string>>;
}

export function nameOf(type: string): Name {
  return { type, file: type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) };
}
