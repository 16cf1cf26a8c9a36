// Jinja templates with a target: compiled once to closures, every value escaped for where it goes.
// The field of a config that holds one is behind the other door, `./config`.
export type { Target } from './escape.ts';
export { type Outline, outline } from './outline.ts';
export { isTemplate, type Template, template } from './template.ts';
export type { TemplateScope } from './template-scope.ts';
