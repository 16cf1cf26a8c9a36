import { type Node, type Options, parse } from 'acorn';

/** What the parser says about a text: whether it is an ES module, or why it is no script. */
export type Syntax = { readonly isModule: boolean } | { readonly problem: string };

const options = {
  ecmaVersion: 'latest',
  allowReturnOutsideFunction: false,
} satisfies Options;

/**
 * Parses a script, and runs nothing of it (G10).
 *
 * @param takesModules an ES module is taken too, unless it imports something
 */
export function syntaxOf(text: string, takesModules: boolean): Syntax {
  try {
    parse(text, { ...options, sourceType: 'script' });
    return { isModule: false };
  } catch (error) {
    return takesModules && isOfModules(error) ? moduleSyntax(text) : { problem: reasonOf(error) };
  }
}

function moduleSyntax(text: string): Syntax {
  try {
    const { body } = parse(text, { ...options, sourceType: 'module' });
    const importing = body.find(imports);
    if (importing === undefined) return { isModule: true };
    return { problem: `a script imports nothing, but it does at position ${importing.start}` };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

function imports(node: Node): boolean {
  return node.type === 'ImportDeclaration' || ('source' in node && node.source !== null);
}

function isOfModules(error: unknown): boolean {
  return error instanceof SyntaxError && error.message.includes("'sourceType: module'");
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (!(error instanceof SyntaxError)) throw error;
  const { loc } = error as SyntaxError & { loc?: { line: number; column: number } };
  const said = error.message.replace(/ \(\d+:\d+\)$/, '');
  return loc === undefined ? said : `${said} (line ${loc.line}, column ${loc.column + 1})`;
}
