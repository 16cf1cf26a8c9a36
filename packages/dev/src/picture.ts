/* oxlint-disable no-control-regex -- a terminal speaks in control characters */
import process from 'node:process';
/**
 * Draws what a terminal showed: `script -qec "pnpm quickstart" /dev/null | node picture.ts > picture.svg`.
 * Lines that were written over, as the live line is, show their last text.
 */
import { text } from 'node:stream/consumers';

const colours: Record<string, string> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  36: '#76e3ea',
  90: '#8b949e',
};
const lineHeight = 18;
const characterWidth = 8;
const columns = 112;

interface Run {
  readonly text: string;
  readonly style: string;
}

const lines = linesOf(await text(process.stdin));
const height = (lines.length + 2) * lineHeight + 24;
const width = columns * characterWidth + 32;
process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The quickstart in a terminal">
<rect width="100%" height="100%" rx="10" fill="#0d1117"/>
<g fill="#ff5f56"><circle cx="20" cy="18" r="6"/></g><g fill="#ffbd2e"><circle cx="40" cy="18" r="6"/></g><g fill="#27c93f"><circle cx="60" cy="18" r="6"/></g>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3" xml:space="preserve">
${lines.map(drawn).join('\n')}
</g></svg>
`,
);

/** Lines as they stand at the end, each in runs of one style. */
function linesOf(shown: string): Run[][] {
  const plain = shown.replaceAll('\r\n', '\n').replaceAll(/\u001B\[\?\d+[hl]/g, '');
  return plain.split('\n').map((line) => runsOf(lastWritten(line)));
}

/** What is left of a line after carriage returns and erasures. */
function lastWritten(line: string): string {
  const parts = line.split(/\r|\u001B\[[0-2]?[KJ]|\u001B\[\d*G/);
  return parts.findLast((part) => part.replaceAll(/\u001B\[[\d;]*m/g, '').trim() !== '') ?? '';
}

function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let style = '';
  let left = columns;
  for (const [, codes, plain = ''] of line.matchAll(/(?:\u001B\[([\d;]*)m)|([^\u001B]+)/g)) {
    if (codes === undefined) {
      runs.push({ text: plain.slice(0, left), style });
      left = Math.max(0, left - plain.length);
    }
    if (codes !== undefined) style = styleAfter(style, codes);
  }
  return runs;
}

function styleAfter(style: string, codes: string): string {
  let next = style;
  for (const code of codes.split(';')) {
    if (code === '1') next += ' font-weight="bold"';
    else if (code === '2') next += ' opacity="0.6"';
    else if (code in colours) next += ` fill="${colours[code]}"`;
    else if (code === '39') next = next.replaceAll(/ fill="[^"]*"/g, '');
    else if (code === '22') next = next.replaceAll(/ (?:font-weight|opacity)="[^"]*"/g, '');
    else next = '';
  }
  return next;
}

function drawn(runs: readonly Run[], index: number): string {
  const spans = runs
    .map(({ text: run, style }) => `<tspan${style}>${escaped(run)}</tspan>`)
    .join('');
  return `<text x="16" y="${48 + index * lineHeight}">${spans}</text>`;
}

function escaped(run: string): string {
  return run.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
