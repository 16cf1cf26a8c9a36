import path from 'node:path';
import { discover } from '../src/plugins/discover.ts';
import type { Installed } from '../src/plugins/installed.ts';
import { type PluginPackage, pluginFiles } from './plugin-package.ts';
import { tempTree } from './temp-tree.ts';

/** What the sources below share: faults as another copy of core makes them, and a diary. */
const prelude = `
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
const fault = (code, message, more) => Object.assign(new Error(message), {
  [Symbol.for('cannectors.fault')]: true, code, category: 'validation', retry: false, details: {}, ...more,
});
const diary = (config, line) => config.diary && appendFileSync(config.diary, line + '\\n');
const until = async (file, signal) => { while (!existsSync(file)) await wait(2, undefined, { signal }); };
const refuse = (config) => {
  if (config.failCreate && existsSync(config.failCreate)) throw fault('test.not-made', 'It is not there.');
  if (config.refuse) throw fault('test.refused', 'The value ' + config.refuse + ' is not right.', { pointer: '/refuse', hint: 'Change it.' });
};
`;

const text = { type: 'string' };
const common = {
  diary: text,
  failCreate: text,
  refuse: text,
  remark: text,
  token: { type: 'string', 'x-cannectors': 'secret' },
};
const objectOf = (properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  properties: { ...common, ...properties },
});

const cursor = {
  type: 'object',
  properties: { enabled: { type: 'boolean' }, field: text },
};

/**
 * Plugins for tests. `numbers` reads records `{id}` from 1 on, or from its checkpoint; `tag` writes
 * into them; `branch` has a nested list; `lines` appends them to a file.
 */
const packages: readonly PluginPackage[] = [
  {
    name: 'test-input-numbers',
    type: 'numbers',
    kind: 'input',
    schema: objectOf({
      count: { type: 'integer', default: 3 },
      endless: { type: 'boolean' },
      waitFor: text,
      failOpen: { type: 'boolean' },
      failClose: { type: 'boolean' },
      failRead: text,
      unreadable: { type: 'boolean' },
      statePersistence: {
        type: 'object',
        properties: { id: cursor, storagePath: text, ordered: { type: 'boolean' } },
      },
    }),
    source: `${prelude}
export default { kind: 'input', apiVersion: 1, config: {}, create(config, context) {
  refuse(config);
  diary(config, 'input create');
  if (config.remark) context.log.warn(config.remark, { variable: 'lastId', pointer: '/remark' });
  const persistent = config.statePersistence?.id?.enabled;
  return {
    ...(config.endless && { endless: true }),
    async open() {
      diary(config, 'input open');
      if (config.failOpen) throw fault('test.no-port', 'The port is taken.', { category: 'network' });
    },
    async *read({ checkpoint, signal }) {
      diary(config, 'input read');
      if (config.failRead && !existsSync(config.failRead)) throw fault('test.down', 'No answer from ' + (config.token ?? 'it') + '.', { category: 'network', retry: false });
      if (config.waitFor) await until(config.waitFor, signal);
      const from = checkpoint?.id ?? 0;
      const items = Array.from({ length: config.count }, (_, index) => ({ record: { id: from + index + 1 }, meta: {} }));
      const unreadable = config.unreadable ? [{ raw: '{oops', fault: fault('test.syntax', 'No JSON.') }] : [];
      yield { items, unreadable, ...(persistent && { checkpoint: { id: from + config.count } }) };
      if (config.endless) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    close() { diary(config, 'input close'); if (config.failClose) throw new Error('stuck'); },
  };
} };`,
  },
  {
    name: 'test-filter-tag',
    type: 'tag',
    schema: objectOf({ value: {}, failOn: { type: 'integer' }, when: text }),
    source: `${prelude}
export default { kind: 'filter', apiVersion: 1, config: {}, logged: 'keep', failure: 'tagging', create(config, context) {
  refuse(config);
  return { each(item) {
    if (item.record.id === config.failOn) throw fault('TAG_FAILED', 'Record ' + item.record.id + ' cannot be tagged.');
    item.record.tag = config.value ?? 'x';
    return item;
  } };
} };`,
  },
  {
    name: 'test-filter-branch',
    type: 'branch',
    schema: objectOf({
      then: { type: 'array', 'x-cannectors': 'filters' },
      tolerant: { type: 'boolean' },
    }),
    source: `
export default { kind: 'filter', apiVersion: 1, config: {}, create: (config, context) =>
  context.filters(config.then ?? [], '/then', { tolerant: config.tolerant === true }) };`,
  },
  {
    name: 'test-filter-gather',
    type: 'gather',
    schema: objectOf({ window: { type: 'boolean' } }),
    source: `
export default { kind: 'filter', apiVersion: 1, config: {}, create: ({ window }) => ({
  batch: () => [],
  flush: () => [],
  ...(window && { oldest: () => undefined }),
}) };`,
  },
  {
    name: 'test-output-lines',
    type: 'lines',
    kind: 'output',
    schema: objectOf({
      path: text,
      failOpen: { type: 'boolean' },
      fail: text,
      reject: { type: 'array', items: { type: 'integer' } },
      waitFor: text,
      deaf: { type: 'boolean' },
      wholeRun: { type: 'boolean' },
      keeps: { type: 'boolean' },
      retries: { type: 'integer' },
      retry: {
        type: 'object',
        properties: { maxAttempts: { type: 'integer' }, delayMs: { type: 'integer' } },
      },
    }),
    source: `${prelude}
export default { kind: 'output', apiVersion: 1, config: {}, create(config, context) {
  refuse(config);
  diary(config, 'output create');
  let fails = config.retries ?? 0;
  return {
    ...(config.wholeRun && { wholeRun: true }),
    ...(config.keeps && { checkpoints: { async load() {}, async save() {} } }),
    async open() {
      diary(config, 'output open');
      if (config.failOpen) throw fault('test.refused-login', 'login with ' + config.token + ' is refused', { category: 'authentication' });
    },
    async write({ items }, signal) {
      diary(config, 'output write');
      if (config.fail && !existsSync(config.fail)) throw fault('test.refused-write', 'https://u:p@example.com/x?y=1 said no to ' + config.token, { category: 'server' });
      if (config.waitFor) await (config.deaf ? until(config.waitFor) : until(config.waitFor, signal));
      await context.retry(async () => { if (fails-- > 0) throw fault('test.busy', 'Busy.', { category: 'server', retry: true }); }, signal);
      const rejected = [];
      for (const [index, { record }] of items.entries()) {
        if (config.reject?.includes(record.id)) rejected.push({ index, fault: fault('test.rejected', 'Record ' + record.id + ' is not wanted.') });
        else if (config.path) appendFileSync(config.path, JSON.stringify(record) + '\\n');
      }
      return { rejected };
    },
    preview: ({ items }) => [{ title: 'Append ' + items.length + ' with ' + config.token, record_count: items.length }],
    close() { diary(config, 'output close'); },
  };
} };`,
  },
];

/** A project with the plugins above, and these files. */
export interface TestProject {
  readonly root: string;
  readonly installed: Installed;
  readonly file: (name: string) => string;
}

export async function testProject(
  files: Readonly<Record<string, unknown>> = {},
): Promise<TestProject> {
  const root = tempTree({
    'package.json': { dependencies: Object.fromEntries(packages.map(({ name }) => [name, '*'])) },
    ...Object.assign({}, ...packages.map((one) => pluginFiles(`node_modules/${one.name}`, one))),
    ...files,
  });
  const file = (name: string): string => path.join(root, name);
  return { root, installed: await discover({ folder: root }), file };
}
