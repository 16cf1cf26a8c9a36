import type { Plugin } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

type ImportDeclaration = Extract<
  ReturnType<typeof parseAst>['body'][number],
  { type: 'ImportDeclaration' }
>;

/**
 * Takes modules of Node from the process instead of importing them: an `import` reads every export of
 * such a module, and what Node loads lazily behind them. `node:util` takes 8 ms by it, `node:http` 60.
 */
export const takeBuiltins: Plugin = {
  name: 'take-builtins',
  renderChunk(code) {
    const imports = parseAst(code).body.filter((node) => node.type === 'ImportDeclaration');
    let written = '';
    let end = 0;
    for (const node of imports.filter(({ source }) => source.value.startsWith('node:'))) {
      written += code.slice(end, node.start) + taken(node);
      end = node.end;
    }
    return written === '' ? null : written + code.slice(end);
  },
};

/** `import path from 'node:path'` as a `const`: the default export of a built-in is all of it. */
function taken({ source, specifiers }: ImportDeclaration): string {
  const module = `globalThis.process.getBuiltinModule(${JSON.stringify(source.value)})`;
  const named = specifiers.flatMap((one) => {
    if (one.type !== 'ImportSpecifier') return [];
    const imported = one.imported.type === 'Identifier' ? one.imported.name : one.imported.value;
    return imported === one.local.name ? imported : `${imported}: ${one.local.name}`;
  });
  const whole = specifiers.filter((one) => one.type !== 'ImportSpecifier');
  const names = [
    ...whole.map(({ local }) => local.name),
    ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : []),
  ];
  return names.map((name) => `const ${name} = ${module};`).join('\n');
}
