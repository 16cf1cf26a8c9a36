import { Environment } from 'minijinja-js';
import { describe, expect, it } from 'vitest';
import { template } from '../src/index.ts';
import { different } from './oracle/different.ts';
import { same, scope } from './oracle/same.ts';

// By the author of Jinja.
const environment = new Environment();
environment.undefinedBehavior = 'lenient';
environment.keepTrailingNewline = true;
environment.enablePyCompat();

const oracle = (source: string): string => environment.renderStr(source, scope);
const ours = (source: string): string => template(source, 'text', '/text').render(scope);

function outcome(render: () => string): string | undefined {
  try {
    return render();
  } catch {
    return undefined;
  }
}

describe.each(Object.entries(same))('renders %s as minijinja does', (_title, templates) => {
  it.each(templates)('%j', (source) => {
    expect(ours(source)).toBe(oracle(source));
  });
});

describe.each(Object.entries(different))('differs: %s', (_reason, differences) => {
  it.each(differences)('$template', (difference) => {
    expect(difference.ours).not.toBe(difference.oracle);
    expect(outcome(() => ours(difference.template))).toBe(difference.ours);
    expect(outcome(() => oracle(difference.template))).toBe(difference.oracle);
  });
});

it('compares some hundreds of templates', () => {
  expect(Object.values(same).flat().length).toBeGreaterThan(300);
});
