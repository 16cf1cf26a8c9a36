import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'changes a record in place': {
    config: { script: 'function transform(r) { r.a.b = 2; delete r.c; return r; }' },
    given: [{ a: { b: 1 }, c: 3 }],
    then: [{ a: { b: 2 } }],
  },
});
