import { testFilter } from '@cannectors/testkit';
import plugin from '../src/index.ts';

testFilter(plugin, import.meta.url, {
  'drops every record': {
    given: [{ id: 1 }, {}, { id: 3 }],
    then: [],
  },
  'takes no records': { given: [], then: [] },
});
