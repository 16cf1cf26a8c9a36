import type { Context, Json } from '@cannectors/core';
import { type Expression, expression } from '@cannectors/kit-expression/lazy';
import { isLoopScope, jsonText } from '@cannectors/kit-record';
import {
  isTemplate,
  outline,
  type Template,
  template,
  type TemplateScope,
} from '@cannectors/kit-template';
import type { ConnectionConfig, StatementConfig } from '../config.ts';
import type { Bound, Driver, SqlValue } from '../database.ts';
import { driverOf } from '../driver-of.ts';
import { bracesLeft, notBuilt, undeclared, unused, valueInQuery } from './faults.ts';
import { partsOf } from './placeholders.ts';
import { planOf } from './plan.ts';
import { type QueryText, queryText } from './query-text.ts';

/** A statement, compiled once and bound for every record or page. */
export interface Statement {
  /** As it was written, or as it stands in its file. */
  readonly source: string;
  /** What the source ends in if nothing can be appended to it. */
  readonly ending: 'comment' | 'semicolon' | undefined;
  /** The root variables that its parameters read: `record`, `state`, `pagination`, … */
  readonly parameterNames: ReadonlySet<string>;
  /** The names after `state.`, in the statement and its parameters. */
  readonly stateNames: ReadonlySet<string>;
  /**
   * Renders the statement, and computes the values of the placeholders that are left in it.
   *
   * @throws `sql.not-built`, with the fault of the template or the expression as its cause
   */
  bind(driver: Driver, scope: TemplateScope): BoundStatement;
}

export interface BoundStatement extends Bound {
  /** The expressions behind `values`, in their order, for previews. */
  readonly expressions: readonly string[];
}

export interface StatementOptions {
  /**
   * Expressions for `$1`, `$2`, … of a statement without `parameters`, which it may use or not.
   *
   * @see spec/connectors/state.md, section 5
   */
  readonly implied?: readonly string[];
}

type Config = StatementConfig & Pick<ConnectionConfig, 'driver' | 'connectionString'>;

/**
 * Compiles `query` or `queryFile` with its `parameters`. A template shapes the statement; values
 * only come in through `$N`.
 *
 * @throws `sql.no-query-file`, `sql.query-file-outside`, `sql.empty-query`, `sql.value-in-query`,
 *   `sql.undeclared-parameter`, `sql.unused-parameter`, `sql.braces-left`, `template.*`,
 *   `expression.*`
 * @see spec/connectors/templates-and-expressions.md, section 5
 */
export function compileStatement(
  config: Config,
  context: Pick<Context, 'file'>,
  { implied = [] }: StatementOptions = {},
): Statement {
  const query = queryText(config, context);
  const text = textFor(query);
  const { parameters: declared = [] } = config;
  const isImplied = declared.length === 0;
  const sources = isImplied ? implied : declared;
  const dialect = config.driver ?? driverOf(config.connectionString ?? '');
  const ending = checkParts(text.outline, sources, isImplied, query, dialect);
  const parameters = sources.map((source, index) => expression(source, `/parameters/${index}`));
  const plans = plansOf(parameters, query.pointer);

  return {
    source: query.source,
    ending,
    parameterNames: union(parameters.map(({ names }) => names)),
    stateNames: union([
      text.template.stateNames,
      ...parameters.map(({ stateNames }) => stateNames),
    ]),
    bind(driver, scope) {
      try {
        const { text: sql, places, expressions } = plans(driver, text.template.render(scope));
        return { text: sql, values: valuesOf(places, scope), expressions };
      } catch (error) {
        throw notBuilt(error, query.pointer);
      }
    },
  };
}

interface Text {
  /** What of the statement does not depend on a value, all branches included. */
  readonly outline: string;
  readonly template: Template;
}

function textFor({ source, pointer }: QueryText): Text {
  const compiled = template(source, 'text', pointer, { strict: true });
  const { text, values } = isTemplate(source)
    ? outline(source, pointer)
    : { text: source, values: [] };
  const [value] = values;
  if (value !== undefined) throw valueInQuery(value, pointer);
  checkBraces(text, pointer);
  return { outline: text, template: compiled };
}

function checkBraces(text: string, pointer: string): void {
  if (/\{\{|\}\}/.test(text)) throw bracesLeft(pointer);
}

/** Holds the placeholders of a statement against its parameters, and tells what it ends in. */
function checkParts(
  text: string,
  parameters: readonly string[],
  isImplied: boolean,
  { pointer }: QueryText,
  dialect: Driver | undefined,
): Statement['ending'] {
  const end = text.trimEnd().length;
  const used = new Set<number>();
  let ending: Statement['ending'];
  for (const { kind, to, number } of partsOf(text, dialect)) {
    if (kind === 'placeholder') used.add(number);
    ending = to >= end && (kind === 'comment' || kind === 'semicolon') ? kind : undefined;
  }
  for (const number of used) {
    if (number === 0 || number > parameters.length) {
      throw undeclared(number, parameters.length, pointer);
    }
  }
  const idle = isImplied ? -1 : parameters.findIndex((_, index) => !used.has(index + 1));
  if (idle >= 0) throw unused(idle + 1);
  return ending;
}

/** Where a value stands. */
interface ValuePlace {
  readonly parameter: Expression;
  /** The first place of the same parameter, which is computed once. */
  readonly first: number;
}

interface BoundPlan {
  readonly text: string;
  readonly places: readonly ValuePlace[];
  readonly expressions: readonly string[];
}

/** Blocks make a few texts of a statement; each is planned once. */
function plansOf(
  parameters: readonly Expression[],
  pointer: string,
): (driver: Driver, text: string) => BoundPlan {
  const known = new Map<string, BoundPlan>();
  let lastDriver: Driver | undefined;
  return (driver, text) => {
    const kept = driver === lastDriver ? known.get(text) : undefined;
    if (kept !== undefined) return kept;
    if (driver !== lastDriver || known.size >= 100) known.clear();
    lastDriver = driver;
    const made = boundPlan(text, driver);
    known.set(text, made);
    return made;
  };

  function boundPlan(rendered: string, driver: Driver): BoundPlan {
    checkBraces(rendered, pointer);
    const { text, order } = planOf(rendered, driver, pointer);
    const places = order.map((index) => {
      const parameter = parameters[index];
      if (parameter === undefined) throw undeclared(index + 1, parameters.length, pointer);
      return { parameter, first: order.indexOf(index) };
    });
    return { text, places, expressions: places.map(({ parameter }) => parameter.source) };
  }
}

function valuesOf(places: readonly ValuePlace[], scope: TemplateScope): SqlValue[] {
  const values: SqlValue[] = [];
  if (places.length === 0) return values;
  const environment = environmentOf(scope);
  for (const { parameter, first } of places) {
    const isNew = first === values.length;
    values.push(isNew ? sqlValue(parameter.evaluate(environment)) : (values[first] ?? null));
  }
  return values;
}

/** @see spec/connectors/templates-and-expressions.md, section 4.1 */
function environmentOf({ record, state, pagination }: TemplateScope): Record<string, unknown> {
  const isLoop = isLoopScope(record);
  const reserved = {
    record: isLoop ? record['record'] : record,
    meta: record['_metadata'] ?? empty,
    state: state ?? empty,
    pagination: pagination ?? empty,
  };
  return isLoop ? { ...record, ...reserved } : reserved;
}

const empty = Object.freeze({});

function sqlValue(value: Json): SqlValue {
  return typeof value === 'object' && value !== null ? jsonText(value) : value;
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
