import type { Kind, Name, Plan } from './plan.ts';

/** The files that look alike in every plugin. */
export function sharedFiles(kind: Kind, name: Name, plan: Plan): [string, string][] {
  return [
    ['package.json', `${JSON.stringify(manifest(kind, name, plan), null, 2)}\n`],
    ['schema.json', '{}\n'],
    ['tsconfig.json', `${JSON.stringify({ extends: '../../../tsconfig.base.json' }, null, 2)}\n`],
    ['README.md', readme(kind, name, plan)],
    ['src/index.ts', index(kind, name)],
  ];
}

function manifest(kind: Kind, { type, file }: Name, plan: Plan): object {
  const isEmpty = Object.keys(plan.dependencies).length === 0;
  return {
    name: `@cannectors/${kind}-${file}`,
    version: '0.0.0',
    description: plan.description,
    license: 'Apache-2.0',
    files: ['dist/src', 'dist/schema.*', 'schema.json'],
    type: 'module',
    exports: {
      '.': './src/index.ts',
      './schema.json': './schema.json',
      './package.json': './package.json',
    },
    publishConfig: {
      exports: {
        '.': './dist/src/index.js',
        './schema.json': './schema.json',
        './package.json': './package.json',
      },
      access: 'public',
    },
    ...(!isEmpty && { dependencies: plan.dependencies }),
    devDependencies: {
      '@cannectors/core': 'workspace:^',
      '@cannectors/testkit': 'workspace:^',
      typebox: 'catalog:',
      vitest: 'catalog:',
    },
    peerDependencies: { '@cannectors/core': 'workspace:^' },
    engines: { node: '>=24' },
    cannectors: { apiVersion: 1, kind, type, aliases: [], schema: './schema.json' },
  };
}

function index(kind: Kind, { type, file }: Name): string {
  const define = `define${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}`;
  return `import { ${define} } from '@cannectors/core';
import config from '../schema.json' with { type: 'json' };
import { ${type} } from './${file}.ts';

export default ${define}({ config, create: ${type} });
`;
}

function readme(kind: Kind, { type }: Name, { description, use }: Plan): string {
  const [first, rest] = kind === 'filter' ? ['filters:\n  - ', '    '] : [`${kind}:\n  `, '  '];
  const delivery = {
    input: 'Resumes after the last record that was delivered; a crash repeats at most one chunk.',
    filter: '',
    output:
      'A batch counts as delivered when it is written. One that is repeated after a crash is written again.',
  }[kind];
  return `# ${type} (${kind})

${description}

## Use

\`\`\`yaml
${first}type: ${type}
${use.trimEnd().replaceAll(/^/gm, rest)}
\`\`\`

## Config

<!-- generated: config -->
<!-- /generated -->

## Examples

<!-- generated: examples -->
<!-- /generated -->
${delivery === '' ? '' : `\n## Delivery\n\n${delivery}\n`}
## Limits

None that are known.
`;
}
