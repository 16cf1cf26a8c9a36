/** `1.3 s`, `850 ms`, `2 min 5 s`, `1 h 4 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** `385 records/s`; nothing can be said of no records, or of no time. */
export function rateText(records: number, ms: number): string {
  return records > 0 && ms > 0 ? `${Math.round((records * 1000) / ms)} records/s` : '';
}

/** `1 record`, `2 records`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}
