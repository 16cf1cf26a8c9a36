import {
  type Catalog,
  type Environment,
  parse,
  type Pipeline,
  pathText,
  type Problem,
  resolve,
} from '../src/index.ts';
import { plugins } from './plugins.ts';

interface Given {
  readonly catalog?: Catalog;
  readonly env?: Environment;
  readonly file?: string;
}

/** Problems and warnings of a text, as the command line prints them. */
export async function told(
  text: string,
  given: Given = {},
): Promise<{ problems: string[]; warnings: string[] }> {
  const { problems, warnings } = await resolved(text, given);
  return { problems: problems.map(line), warnings: warnings.map(line) };
}

/** Problems by code and place. */
export async function codes(text: string, given: Given = {}): Promise<string[]> {
  const { problems } = await resolved(text, given);
  return problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

/** Warnings by code and place; there must be no problem. */
export async function warned(text: string): Promise<string[]> {
  const { problems, warnings } = await resolved(text);
  if (problems.length > 0) throw new Error(problems.map(line).join('\n'));
  return warnings.map(({ code, pointer }) => `${code} ${pointer}`);
}

/** The pipeline of a text that has no problem. */
export async function pipelineOf(text: string, given: Given = {}): Promise<Pipeline> {
  const { pipeline, problems } = await resolved(text, given);
  if (!pipeline) throw new Error(problems.map(line).join('\n'));
  return pipeline;
}

export async function resolved(
  text: string,
  { catalog = plugins(), env, file = 'pipeline.yaml' }: Given = {},
): ReturnType<typeof resolve> {
  return resolve(await parse(text, file), catalog, env);
}

/** A flat document with a file as input and the console as output, and whatever else is given. */
export function flat(more = '', input = '{ type: file, path: in.json }'): string {
  return `name: orders\ninput: ${input}\n${/^outputs?:/m.test(more) ? '' : 'output: { type: console }\n'}${more}`;
}

/** The same as a spec document; `more` is indented into `spec`. */
export function spec(more = '', metadata = '{ name: orders }'): string {
  const body = [
    ...(/^source:/m.test(more) ? [] : ['source: { type: file, path: in.json }']),
    ...(/^sinks:/m.test(more) ? [] : ['sinks: [{ type: console }]']),
    ...more.split('\n'),
  ];
  return `kind: Pipeline\nmetadata: ${metadata}\nspec:\n${body.map((each) => `  ${each}\n`).join('')}`;
}

function line({ line, column, pointer, message, hint }: Problem): string {
  return `${line}:${column} ${pathText(pointer)}: ${message}${hint === undefined ? '' : ` → ${hint}`}`;
}
