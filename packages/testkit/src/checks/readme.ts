import { type Subject, textIn } from '../subject.ts';

const headings = ['Use', 'Config', 'Examples', 'Delivery', 'Limits'];

/** What the README lacks: its headings in order, its generated regions, the description. */
export function readmeProblems(subject: Subject): string[] {
  const readme = textIn(subject, 'README.md');
  if (readme === undefined) return ['There is no README.md.'];
  const problems: string[] = [];
  const { description } = subject.manifest;
  if (description !== undefined && !readme.includes(description)) {
    problems.push(`The README does not begin with the package's description: ${description}`);
  }

  // A filter has nothing of its own to say on delivery: the kernel keeps that promise.
  const needed = headings.filter((name) => name !== 'Delivery' || subject.plugin.kind !== 'filter');
  const found = [...readme.matchAll(/^## (.+)$/gm)].map((match) => String(match[1]).trim());
  const missing = needed.filter((name) => !found.includes(name));
  const known = found.filter((name) => headings.includes(name));
  if (missing.length > 0) problems.push(`The README has no heading ${missing.join(', ')}.`);
  const order = headings.filter((name) => known.includes(name));
  if (order.join() !== known.join()) {
    problems.push(
      `The README's headings stand as ${known.join(', ')}; expected ${order.join(', ')}.`,
    );
  }
  const extra = found.filter((name) => !headings.includes(name));
  if (extra.length > 0) {
    problems.push(`The README has other headings: ${extra.join(', ')}. Use ### below one of ours.`);
  }
  for (const name of needed) {
    if (found.includes(name) && sectionOf(readme, name).trim() === '') {
      problems.push(`The README says nothing under ${name}.`);
    }
  }
  return problems;
}

/** The text under a heading of the second level, generated markers left out. */
export function sectionOf(readme: string, heading: string): string {
  const [, rest = ''] = readme.split(new RegExp(`^## ${heading}\\s*$`, 'm'));
  return (rest.split(/^## /m)[0] ?? '').replaceAll(/<!--.*?-->/gs, '');
}
