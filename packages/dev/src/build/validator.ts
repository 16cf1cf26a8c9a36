import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { validatorOptions } from '@cannectors/config/ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { root } from '../workspace.ts';

/**
 * Writes `dist/schema.validate.js` of a plugin: the function that Ajv makes of its schema, so that a
 * program that runs from packages does not compile one, which takes longer than all the rest of
 * `validate`.
 */
export async function writeValidator(folder: string, base: string = root): Promise<void> {
  const schema = readFileSync(path.join(base, folder, 'schema.json'), 'utf8');
  const code = validatorCode(JSON.parse(schema) as object);
  // The small functions of Ajv that it needs are looked up from this package.
  const entry = fileURLToPath(new URL('validator-entry.js', import.meta.url));
  const built = await rolldown({
    input: entry,
    platform: 'node',
    logLevel: 'warn',
    plugins: [
      {
        name: 'validator',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? { code } : null),
      },
    ],
  });
  const file = path.join(base, folder, 'dist/schema.validate.js');
  try {
    const { output } = await built.generate({ format: 'esm', minify: true });
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, eager(output[0].code));
  } finally {
    await built.close();
  }
}

/** The source of a validator: a module whose default export it is. */
function validatorCode(schema: object): string {
  const ajv = new Ajv2020({ ...validatorOptions, code: { source: true, esm: true } });
  return standalone.default(ajv, ajv.compile(schema));
}

/**
 * Puts the functions of a module in parentheses, and in front of the rest. Such functions V8 compiles
 * with the module, so that the compile cache of Node keeps them: others are compiled by every process
 * that calls them, and a validator is one large function.
 */
function eager(code: string): string {
  const functions = parseAst(code).body.filter(({ type }) => type === 'FunctionDeclaration');
  let rest = '';
  let end = 0;
  const written = functions.map((node) => {
    const text = code.slice(node.start, node.end);
    const name = /^function ([\w$]+)/.exec(text)?.[1] ?? '';
    rest += code.slice(end, node.start);
    end = node.end;
    return `const ${name}=(${text});`;
  });
  return written.join('') + rest + code.slice(end);
}
