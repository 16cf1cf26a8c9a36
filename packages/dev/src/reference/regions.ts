/**
 * Replaces what stands between `<!-- generated: name -->` and `<!-- /generated -->`.
 *
 * @throws an Error when the text has no such region, or no end of it
 */
export function withRegion(text: string, name: string, content: string): string {
  const start = `<!-- generated: ${name} -->`;
  const end = '<!-- /generated -->';
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`has no region \`${start}\` … \`${end}\`.`);
  return `${text.slice(0, from)}${start}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
