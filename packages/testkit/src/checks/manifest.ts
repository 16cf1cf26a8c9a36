import type { Subject } from '../subject.ts';
import { schemaFile, textIn } from '../subject.ts';

/** Types that are older than the rule of camelCase. They stay; no other may join them. */
const olderTypes = new Set(['http_call', 'soap_call', 'sql_call']);

/** What is wrong with the package's `package.json`, and where it disagrees with the code. */
export function manifestProblems(subject: Subject): string[] {
  const { manifest, plugin } = subject;
  const block = manifest.cannectors ?? {};
  const problems: string[] = [];
  const say = (wrong: boolean, sentence: string): void => {
    if (wrong) problems.push(sentence);
  };

  say(
    block.kind !== plugin.kind,
    `The manifest says \`kind: ${String(block.kind)}\`, the code defines an ${plugin.kind}.`,
  );
  say(
    block.apiVersion !== plugin.apiVersion,
    `The manifest is written for contract ${String(block.apiVersion)}, the code for ${plugin.apiVersion}.`,
  );
  const type = typeof block.type === 'string' ? block.type : '';
  say(
    !/^[a-z][a-zA-Z0-9]*$/.test(type) && !olderTypes.has(type),
    `The type \`${String(block.type)}\` is not camelCase.`,
  );
  const ours = `@cannectors/${plugin.kind}-${kebab(type)}`;
  const theirs = `cannectors-${plugin.kind}-${kebab(type)}`;
  say(
    manifest.name !== ours && !(manifest.name ?? '').match(`^(@[^/]+/)?${theirs}$`),
    `The package is named \`${String(manifest.name)}\`; expected \`${ours}\`, or \`${theirs}\` of a stranger.`,
  );
  const { aliases = [] } = block;
  say(
    !Array.isArray(aliases) || aliases.some((alias) => typeof alias !== 'string'),
    'The `aliases` of the manifest are a list of older spellings of the type.',
  );
  say(
    textIn(subject, schemaFile(subject)) === undefined,
    `There is no ${schemaFile(subject)}, which the manifest names as the schema.`,
  );
  say(manifest.type !== 'module', 'The package is no ES module: `"type": "module"` is missing.');
  say(
    !/^[A-Z].*\.$/.test(manifest.description ?? ''),
    'The description is not a sentence: it begins with a capital and ends with a full stop.',
  );
  say(
    manifest.peerDependencies?.['@cannectors/core'] === undefined,
    '@cannectors/core is no peer dependency: the plugin and the program must share one copy.',
  );
  say(
    manifest.dependencies?.['@cannectors/core'] !== undefined,
    '@cannectors/core is a dependency; it may only be a peer dependency.',
  );
  return problems;
}

/** `httpPolling` → `http-polling`, `http_call` → `http-call`. */
function kebab(type: string): string {
  return type.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
