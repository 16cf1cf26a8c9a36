import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'takes the changes in place of a script that returns nothing': {
    config: { inline: 'function processBatch(events) { events[0].a = 2; events.push({ b: 1 }); }' },
    given: [{ a: 1 }],
    then: [{ a: 2 }, { b: 1 }],
  },
});
