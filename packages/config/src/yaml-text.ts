import type { Json, JsonRecord } from '@cannectors/core';
import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { put } from './json.ts';
import type { Spot } from './positions.ts';
import {
  beyondNumbers,
  type Complaint,
  duplicateKey,
  maxDepth,
  type Placed,
  type Reading,
  tooDeep,
} from './reading.ts';

/** Anchors used, those inside of anchors counted each time: what stops a "billion laughs". */
const maxAliases = 100;

/** Values that aliases may bring in all together. */
const maxAliasedValues = 100_000;

/**
 * Reads YAML 1.2 (core schema, with merge keys) and remembers where everything stands.
 *
 * Whole numbers beyond 2^53 become `bigint`. A key that is given twice is a problem. Of several
 * documents the first counts.
 */
export function readYaml(text: string): Reading {
  const tree = treeOf(text);
  const overflow = tree.errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (overflow !== undefined) return { problems: [tooDeep(overflow.pos[0])], warnings: [] };
  const problems: Complaint[] = [];
  const warnings: Complaint[] = [];
  for (const { code, message, pos } of tree.errors) {
    const offset = pos[0];
    if (code === 'MULTIPLE_DOCS') warnings.push({ ...severalDocuments, offset });
    else problems.push({ code: 'parse.yaml', message: firstLine(message), offset });
  }
  for (const { message, pos } of tree.warnings) {
    warnings.push({ code: 'parse.yaml', message: firstLine(message), offset: pos[0] });
  }
  if (problems.length > 0) return { problems, warnings };
  return { ...convert(tree.contents, problems), problems, warnings };
}

/** The parser calls itself for each level, and says so when a million `[` end its stack. */
function treeOf(text: string): ReturnType<typeof parseDocument> {
  return parseDocument(text, {
    version: '1.2',
    schema: 'core',
    intAsBigInt: true,
    // Found below, where it takes no time that grows with the square of the keys.
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
  });
}

function convert(root: Node | null, problems: Complaint[]): Partial<Placed> {
  const anchors = new Map<string, Node>();
  let aliases = 0;
  let aliasedValues = 0;
  let isAliased = false;
  let isStopped = false;

  const converted = valueOf(root, 0);
  return problems.length > 0 ? {} : converted;

  function stop(complaint: Complaint): Placed {
    if (!isStopped) problems.push(complaint);
    isStopped = true;
    return nothingAt(complaint.offset ?? 0);
  }

  function valueOf(node: unknown, depth: number): Placed {
    const offset = offsetOf(node);
    if (isStopped) return nothingAt(offset);
    if (depth > maxDepth) return stop(tooDeep(offset));
    if (isAliased) aliasedValues += 1;
    if (isAlias(node)) return aliasOf(node.source, offset, depth);
    if (isNamed(node) && !isAliased) anchors.set(node.anchor, node);
    if (isMap(node)) return objectOf(node, offset, depth);
    if (isSeq(node)) return listOf(node.items, offset, depth);
    return { value: isScalar(node) ? scalarOf(node.value, offset) : null, spot: { offset } };
  }

  function aliasOf(name: string, offset: number, depth: number): Placed {
    const target = anchors.get(name);
    if (target === undefined) {
      problems.push({ code: 'parse.yaml', message: `the alias *${name} has no anchor`, offset });
      return nothingAt(offset);
    }
    aliases += 1;
    if (aliases > maxAliases || aliasedValues > maxAliasedValues) {
      return stop({
        code: 'parse.aliases',
        message: `aliases are used more than ${maxAliases} times, or bring in more than ${maxAliasedValues} values`,
        hint: 'Write the values out.',
        offset,
      });
    }
    const wasAliased = isAliased;
    isAliased = true;
    const { value, spot } = valueOf(target, depth + 1);
    isAliased = wasAliased;
    return { value, spot: { ...spot, offset } };
  }

  function listOf(items: readonly unknown[], offset: number, depth: number): Placed {
    const value: Json[] = [];
    const inner = new Map<string, Spot>();
    for (const [index, item] of items.entries()) {
      const child = valueOf(item, depth + 1);
      inner.set(String(index), child.spot);
      value.push(child.value);
    }
    return { value, spot: { offset, inner } };
  }

  function objectOf(map: YAMLMap, offset: number, depth: number): Placed {
    const value: JsonRecord = {};
    const inner = new Map<string, Spot>();
    const merged: [node: unknown, at: number][] = [];
    for (const pair of map.items) {
      const keyOffset = offsetOf(pair.key);
      if (isMergeKey(pair.key)) {
        merged.push([pair.value, keyOffset]);
        continue;
      }
      const key = keyOf(pair.key, keyOffset);
      if (inner.has(key)) problems.push(duplicateKey(key, keyOffset));
      const child = valueOf(pair.value, depth + 1);
      put(value, key, child.value);
      inner.set(key, { ...child.spot, keyOffset });
    }
    for (const [node, at] of merged) merge(valueOf(node, depth + 1), value, inner, at);
    return { value, spot: { offset, inner } };
  }

  /** What is written in the object wins, and of several sources the first. */
  function merge(from: Placed, into: JsonRecord, inner: Map<string, Spot>, offset: number): void {
    const sources = Array.isArray(from.value) ? from.value : [from.value];
    for (const [index, source] of sources.entries()) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        if (isStopped) return;
        problems.push({ code: 'parse.yaml', message: '`<<` takes objects only', offset });
        continue;
      }
      const spots = Array.isArray(from.value) ? from.spot.inner?.get(String(index)) : from.spot;
      for (const [key, child] of Object.entries(source)) {
        if (inner.has(key)) continue;
        put(into, key, child);
        inner.set(key, spots?.inner?.get(key) ?? { offset });
      }
    }
  }

  function keyOf(node: unknown, offset: number): string {
    const resolved = isAlias(node) ? anchors.get(node.source) : node;
    if (isNamed(node)) anchors.set(node.anchor, node);
    if (resolved === null) return '';
    if (isScalar<Json>(resolved) && typeof resolved.value !== 'object') return `${resolved.value}`;
    problems.push({
      code: 'parse.yaml',
      message: 'a key is a plain text, not a list or object',
      offset,
    });
    return '';
  }

  function scalarOf(value: unknown, offset: number): Json {
    if (typeof value === 'bigint') {
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      problems.push(beyondNumbers(offset));
      return null;
    }
    return value as string | number | boolean | null;
  }
}

const severalDocuments = {
  code: 'parse.several-documents',
  message: 'the file holds several documents; only the first is used',
};

function nothingAt(offset: number): Placed {
  return { value: null, spot: { offset } };
}

function isNamed(node: unknown): node is Node & { anchor: string } {
  return (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined;
}

function isMergeKey(node: unknown): boolean {
  return isScalar(node) && node.value === '<<' && node.type === 'PLAIN';
}

function offsetOf(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
