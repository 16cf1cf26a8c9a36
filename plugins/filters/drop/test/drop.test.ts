import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'drops every record': {
    given: [{ id: 1 }, {}, { id: 3 }],
    then: [],
  },
  'takes no records': { given: [], then: [] },
  'has no keys of its own': {
    config: { target: 'a' },
    refuses: { code: 'config.unknown-key', pointer: '/target' },
  },
});
