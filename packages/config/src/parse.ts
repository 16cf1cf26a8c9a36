import type { Json } from '@cannectors/core';
import { readJson } from './json-text.ts';
import { isRecord, typeName } from './json.ts';
import type { Problem } from './pipeline.ts';
import { lineFinder, type Position, positionOf } from './positions.ts';
import type { Complaint, Reading } from './reading.ts';

/** A text that was read, or the reasons why it could not be. */
export interface Parsed {
  readonly file: string;
  /** Absent when it could not be told. */
  readonly format?: 'yaml' | 'json';
  /** Plain JSON values: an object, or `null` for a text that says nothing. Absent with problems. */
  readonly document?: Json;
  /** Codes begin with `parse.`. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Where a JSON Pointer stands in the text, or its nearest ancestor that is there. */
  at(pointer: string, part?: 'key' | 'value'): Position | undefined;
}

const maxBytes = 2 * 1024 * 1024;

/**
 * Reads a pipeline document: YAML or JSON by the extension of `file`, else by how it begins.
 *
 * Never throws: whatever the text is, the answer is a document or problems, all of them.
 *
 * @see spec/connectors/pipeline.md, section 2
 */
export async function parse(text: string, file: string): Promise<Parsed> {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const format = formatOf(source, file);
  const reading = await read(source, format ?? 'yaml');
  const complaints = reading.problems.length > 0 ? reading.problems : judge(reading, format);
  const lineOf = lineFinder(source);
  const problemOf = ({ offset, ...said }: Complaint): Problem => ({
    ...said,
    pointer: '',
    ...(offset !== undefined && lineOf(offset)),
  });

  const { spot, value } = reading;
  const isKnown = complaints[0]?.code !== 'parse.unknown-format';
  return {
    file,
    ...(isKnown && { format: format ?? 'yaml' }),
    ...(complaints.length === 0 && value !== undefined && { document: value }),
    problems: complaints.map(problemOf),
    warnings: reading.warnings.map(problemOf),
    at: (pointer, part = 'value') => spot && positionOf(spot, pointer, part, lineOf),
  };
}

function formatOf(text: string, file: string): 'yaml' | 'json' | undefined {
  const extension = /\.(json|ya?ml)$/i.exec(file)?.[1]?.toLowerCase();
  if (extension !== undefined) return extension === 'json' ? 'json' : 'yaml';
  return /^\s*[{[]/.test(text) ? 'json' : undefined;
}

async function read(text: string, format: 'yaml' | 'json'): Promise<Reading> {
  if (text.trim() === '') return refusal({ code: 'parse.empty', message: 'empty content' });
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) {
    return refusal({
      code: 'parse.too-large',
      message: `a pipeline file has at most ${maxBytes} bytes, this one has ${bytes}`,
    });
  }
  if (format === 'json') return readJson(text);
  // Importing a YAML parser costs more than starting Node: a JSON file does without.
  const { readYaml } = await import('./yaml-text.ts');
  return readYaml(text);
}

/** What is wrong with a text that is good YAML or JSON. */
function judge({ value }: Reading, format: 'yaml' | 'json' | undefined): readonly Complaint[] {
  if (value === null && format === undefined) {
    return [
      { code: 'parse.unknown-format', message: 'unable to detect configuration format', offset: 0 },
    ];
  }
  if (value === null || isRecord(value)) return [];
  return [
    { code: 'parse.format', message: `expected an object, got ${typeName(value)}`, offset: 0 },
  ];
}

function refusal(complaint: Complaint): Reading {
  return { problems: [complaint], warnings: [] };
}
