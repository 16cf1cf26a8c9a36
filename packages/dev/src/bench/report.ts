import { type Comparison, type Contender, medianOf } from './compare.ts';

/** A comparison as lines for people. */
export function reportOf(name: string, { title, command, duels, isSame }: Comparison): string {
  const all = [command, ...duels.map(({ script }) => script)];
  const width = Math.max(...all.map((one) => one.name.length));
  const rows = all.map((one) => {
    const peak = medianOf(one, 'peakMiB').toFixed(0).padStart(6);
    return `  ${one.name.padEnd(width)}  ${ms(one, 'wallMs')} wall  ${ms(one, 'cpuMs')} cpu  ${peak} MiB`;
  });
  const ratios = duels.map(({ script, ratio, cpuRatio, goal }) => {
    const verdict = ratio >= goal ? 'reached' : 'missed';
    return `× ${script.name.padEnd(width)}  ${ratio.toFixed(2)} (cpu ${cpuRatio.toFixed(2)}), goal ≥ ${goal}: ${verdict}`;
  });
  return [
    `${name}: ${title} (medians of ${command.runs.length})`,
    ...rows,
    ...ratios,
    isSame ? '  every run wrote the same' : '  THE RUNS WROTE DIFFERENT THINGS',
  ].join('\n');
}

function ms(one: Contender, what: 'wallMs' | 'cpuMs'): string {
  return `${medianOf(one, what).toFixed(0).padStart(7)} ms`;
}
