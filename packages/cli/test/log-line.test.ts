import type { LogEntry } from '@cannectors/host';
import { describe, expect, it } from 'vitest';
import { humanLine, jsonLine } from '../src/log-line.ts';

const plain = (_colour: string, text: string) => text;

function entry(given: Partial<LogEntry> = {}): LogEntry {
  return {
    time: new Date('2026-11-22T10:20:30.045Z'),
    level: 'info',
    msg: 'stage completed',
    fields: {},
    ...given,
  };
}

describe('a log line for machines', () => {
  it('has its keys in the order of the contract, and no blanks', () => {
    const line = jsonLine(
      entry({
        pipeline: 'orders',
        run: 'r-1',
        module: 'set',
        path: 'filters[0]',
        dryRun: true,
        fields: { record_count: 2, nothing: undefined, duration_ms: 0.5 },
      }),
    );

    expect(line).toBe(
      '{"time":"2026-11-22T10:20:30.045Z","level":"info","msg":"stage completed","pipeline":"orders",' +
        '"run":"r-1","module":"set","path":"filters[0]","dry_run":true,"record_count":2,"duration_ms":0.5}\n',
    );
  });

  it('keeps every digit of a large number', () => {
    expect(jsonLine(entry({ fields: { id: 9_007_199_254_740_993n } }))).toContain(
      '"id":9007199254740993',
    );
  });

  it('is one line, whatever the message holds', () => {
    const line = jsonLine(entry({ msg: 'two\nlines' }));

    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toMatchObject({ msg: 'two\nlines' });
  });

  it('lets no field replace a key of the contract', () => {
    const line = jsonLine(
      entry({ pipeline: 'orders', fields: { msg: 'x', pipeline: 'y', at: 1 } }),
    );

    expect(JSON.parse(line)).toMatchObject({ msg: 'stage completed', pipeline: 'orders', at: 1 });
  });
});

describe('a log line for people', () => {
  it('has time, level, message and fields', () => {
    const line = humanLine(
      entry({ level: 'warn', path: 'filters[0]', fields: { status: 'ok', error: 'no way' } }),
      plain,
    );

    expect(line).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}stage completed filters\[0\] status=ok error="no way"\n$/,
    );
  });

  it('shows five fields and counts the rest', () => {
    const fields = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 };

    expect(humanLine(entry({ fields }), plain)).toMatch(/ a=1 b=2 c=3 d=4 e=5 \+2 more\n$/);
  });

  it('lets no escape sequence through', () => {
    const line = humanLine(
      entry({ msg: 'red \u001b[31m', fields: { error: 'bell\u0007 \u009b2J' } }),
      plain,
    );

    expect(line).toContain('red \\u001b[31m');
    expect(line).toContain('"bell\\u0007 \\u009b2J"');
  });
});
