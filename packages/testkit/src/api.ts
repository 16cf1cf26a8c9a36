// The example API on loopback. This door needs no test runner.
export {
  type ApiAnswer,
  type ApiRequest,
  type ExampleApi,
  exampleApi,
  type ExampleApiOptions,
} from './api/example-api.ts';
export { exampleCredentials } from './api/guards.ts';
