import type { Item, Json, JsonRecord } from '@cannectors/core';
import type { KeyList, SqlValue } from '@cannectors/kit-sql';
import { keyText } from './key-text.ts';

/** One key that is asked for, by one record or by several. */
export interface Question {
  readonly key: readonly SqlValue[];
  readonly text: string;
  answer: JsonRecord | Error | undefined;
}

/** Questions that one statement can ask: all but their keys is the same. */
export interface Round {
  readonly list: KeyList;
  /** Values of the query beside the key. */
  readonly others: readonly SqlValue[];
  readonly questions: Question[];
}

export interface Questions {
  readonly rounds: readonly Round[];
  /** For each record what its question got. */
  readonly answers: () => (Json | Error)[];
}

/** What a record asks: the statement, as far as its keys matter, and its values. */
interface Bind {
  readonly list: KeyList;
  readonly values: readonly SqlValue[];
}

interface OpenRound extends Round {
  readonly byText: Map<string, Question>;
}

/**
 * Sorts what records ask. Keys of different types are not asked for in one list: MySQL would compare them
 * in another way than alone. A key with a null finds nothing and is not asked for.
 *
 * @param bind gives the list of keys in the statement of a record, the same for the same text, and the
 *   values; its error is the answer
 */
export function questionsOf(items: readonly Item[], bind: (item: Item) => Bind): Questions {
  const rounds: OpenRound[] = [];
  const known = new Map<KeyList, Map<string, OpenRound>>();
  const asked = items.map((item) => {
    try {
      return questionOf(item);
    } catch (error) {
      return { answer: error as Error };
    }
  });

  return {
    rounds,
    answers: () => asked.map(({ answer }) => answer ?? {}),
  };

  function questionOf(item: Item): Pick<Question, 'answer'> {
    const { list, values } = bind(item);
    const { key, others } = list.split(values);
    if (key.includes(null)) return { answer: {} };
    const { questions, byText } = roundOf(list, key, others);
    // A key that was rounded on its way is like no row, so it is asked for alone in the end.
    const text = keyText(key) ?? `rounded ${key.join(' ')}`;
    const earlier = byText.get(text);
    if (earlier !== undefined) return earlier;
    const question: Question = { key, text, answer: undefined };
    byText.set(text, question);
    questions.push(question);
    return question;
  }

  function roundOf(
    list: KeyList,
    key: readonly SqlValue[],
    others: readonly SqlValue[],
  ): OpenRound {
    const ofList = known.get(list) ?? new Map<string, OpenRound>();
    known.set(list, ofList);
    const kinds = key.map(kindOf).join(' ');
    const name =
      others.length === 0
        ? kinds
        : JSON.stringify([kinds, ...others.map((value) => `${kindOf(value)} ${value}`)]);
    const earlier = ofList.get(name);
    if (earlier !== undefined) return earlier;
    const made = { list, others, questions: [], byText: new Map<string, Question>() };
    ofList.set(name, made);
    rounds.push(made);
    return made;
  }
}

/** `number` also for large integers. */
function kindOf(value: SqlValue): string {
  return typeof value === 'bigint' ? 'number' : typeof value;
}
