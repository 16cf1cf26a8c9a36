import { isFault, type Item, type Json, type JsonRecord, type Log } from '@cannectors/core';
import {
  type Block,
  type Driver,
  driverOf,
  type KeyList,
  keyListOf,
  type SqlValue,
  type Statement,
} from '@cannectors/kit-sql';
import type { Config, LookupConfig } from './config.ts';
import type { OwnDatabase } from './database.ts';
import { keyMismatch, noKeyColumn, noLookup } from './faults.ts';
import { isSelect } from './is-select.ts';
import { keyText } from './key-text.ts';
import { type Question, questionsOf, type Round } from './questions.ts';

/** Gives the first row for each record, or an error; without a row an empty one. */
export type Lookup = (
  items: readonly Item[],
  signal: AbortSignal,
) => Promise<readonly (Json | Error)[]>;

interface Parts {
  readonly database: OwnDatabase;
  /** Finishes rows that were told apart. */
  readonly read: (block: Block) => Block;
  readonly log: Log;
}

/**
 * Looks many records up at a time: the list of keys in the query is widened to all their keys.
 *
 * Each has the answer that it would have if it were asked for alone. Which key a row belongs to is told by
 * the text of its key columns. A database may find values equal whose texts differ (`A` and `a`, `1.5`
 * and `1.50`), so keys without a row are asked for again without the others: what comes then belongs to
 * some of them, and these are asked for one by one.
 *
 * @throws `sql-call.no-lookup`, `sql-call.key-mismatch`
 */
export function lookupOf(
  statement: Statement,
  config: Config & { readonly lookup: LookupConfig },
  { database, read, log }: Parts,
): Lookup {
  const { key: columns } = config.lookup;
  const pointer = config.query === undefined ? '/queryFile' : '/query';
  if (!isSelect(statement.source)) throw noLookup('writing', pointer);
  const isShaped = /\{[%#]/.test(statement.source);
  // What a template makes is seen when it was made.
  if (!isShaped) listIn(statement.source, config.driver ?? driverOf(config.connectionString ?? ''));
  const lists = new Map<string, KeyList>();
  let isLoose = false;

  return async (items, signal) => {
    const { driver } = await database.open(signal);
    const { rounds, answers } = questionsOf(items, (item) => {
      const { text, values } = statement.bind(driver, item);
      return { list: listFor(text, driver), values };
    });
    for (const round of rounds) await settle(round, round.questions, signal);
    return answers();
  };

  /** Templates can make statements without end. */
  function listFor(text: string, driver: Driver): KeyList {
    const known = lists.get(text);
    if (known !== undefined) return known;
    if (lists.size >= 100) lists.clear();
    const list = listIn(text, driver);
    lists.set(text, list);
    return list;
  }

  function listIn(text: string, driver: Driver | undefined): KeyList {
    const list = keyListOf(text, driver);
    if (typeof list === 'string') throw noLookup(list, pointer);
    if (list.width !== columns.length) throw keyMismatch(columns.length, list.width);
    return list;
  }

  /** Answers questions of one round, or gives them the error. */
  async function settle(
    round: Round,
    questions: readonly Question[],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const count = await ask(round, questions, signal);
      const missing = open(questions);
      if (missing.length === 0) return;
      const isNothing =
        count === 0 ||
        (missing.length < questions.length && (await ask(round, missing, signal)) === 0);
      if (isNothing) for (const question of missing) question.answer = {};
      else await settleEach(round, open(missing), signal);
    } catch (error) {
      signal.throwIfAborted();
      await refuse(round, open(questions), error as Error, signal);
    }
  }

  async function settleEach(
    round: Round,
    questions: readonly Question[],
    signal: AbortSignal,
  ): Promise<void> {
    if (!isLoose) log.warn('keys look different in the database, asking one by one', { columns });
    isLoose = true;
    for (const question of questions) await settle(round, [question], signal);
  }

  /** A value that does not fit is the fault of one key: it is searched for in halves. */
  async function refuse(
    round: Round,
    questions: readonly Question[],
    error: Error,
    signal: AbortSignal,
  ): Promise<void> {
    if (questions.length > 1 && isFault(error) && error.code === 'sql.bad-value') {
      const middle = questions.length >> 1;
      await settle(round, questions.slice(0, middle), signal);
      await settle(round, questions.slice(middle), signal);
    } else for (const question of questions) question.answer = error;
  }

  /** Asks once, and gives each row to its key. @returns the number of rows */
  async function ask(
    { list, others }: Round,
    questions: readonly Question[],
    signal: AbortSignal,
  ): Promise<number> {
    const bound = list.widened(
      questions.map(({ key }) => key),
      others,
    );
    const block = await database.with((session) => session.rows(bound, signal), signal);
    const [first] = block.records;
    if (first === undefined) {
      // One that was asked for alone has no row.
      if (questions.length === 1) give(questions[0], {});
      return 0;
    }
    for (const [index, column] of columns.entries()) {
      if (!Object.hasOwn(first, column)) throw noKeyColumn(column, index);
    }
    if (questions.length === 1) give(questions[0], first);
    else share(block.records, questions);
    read(block);
    return block.records.length;
  }

  function share(rows: readonly JsonRecord[], questions: readonly Question[]): void {
    const byText = new Map(questions.map((question) => [question.text, question]));
    for (const row of rows) {
      const text = keyText(columns.map((column) => (row[column] ?? null) as SqlValue));
      if (text !== undefined) give(byText.get(text), row);
    }
  }
}

/** The first row of a key is its answer. */
function give(question: Question | undefined, row: JsonRecord): void {
  if (question !== undefined) question.answer ??= row;
}

function open(questions: readonly Question[]): Question[] {
  return questions.filter(({ answer }) => answer === undefined);
}
