// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that is safe on a terminal. Error texts hold words of other systems, and these may hold
 * escape sequences, which move the cursor, recolour, or reorder what a person reads.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
