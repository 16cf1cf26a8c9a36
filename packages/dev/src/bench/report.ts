import { type Comparison, type Contender, medianOf } from './compare.ts';

/** A comparison as lines for people. */
export function reportOf(name: string, { title, command, duels, isSame }: Comparison): string {
  const rows = [command, ...duels.map(({ script }) => script)].map(
    (one) =>
      `  ${one.name.padEnd(16)} ${ms(one, 'wallMs')} wall ${ms(one, 'cpuMs')} cpu ${medianOf(one, 'peakMiB').toFixed(0).padStart(6)} MiB`,
  );
  const ratios = duels.map(
    ({ script, ratio, cpuRatio, goal }) =>
      `  × ${script.name.padEnd(14)} ${ratio.toFixed(2)} (cpu ${cpuRatio.toFixed(2)}), goal ≥ ${goal}: ${ratio >= goal ? 'reached' : 'missed'}`,
  );
  const sameness = isSame ? '  every run wrote the same' : '  THE RUNS WROTE DIFFERENT THINGS';
  return [
    `${name}: ${title} (medians of ${command.runs.length})`,
    ...rows,
    ...ratios,
    sameness,
  ].join('\n');
}

function ms(one: Contender, what: 'wallMs' | 'cpuMs'): string {
  return `${medianOf(one, what).toFixed(0).padStart(7)} ms`;
}
