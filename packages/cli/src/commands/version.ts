import { readFileSync } from 'node:fs';
import type { ExitCode, Invocation } from '../commands.ts';

/** The version is that of the package whose command was started. */
export function version({ bin, flags }: Invocation): ExitCode {
  const { version = 'unknown' } = read(new URL('./package.json', bin));
  // Written by the build, beside the sources it built.
  const { commit = 'unknown', build_date = 'unknown' } = read(
    new URL('../../build.json', import.meta.url),
  );
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ version, commit, build_date })}\n`
      : `version ${version}\ncommit ${commit}\nbuild date ${build_date}\n`,
  );
  return 0;
}

function read(file: URL): { version?: string; commit?: string; build_date?: string } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof read>;
  } catch {
    return {};
  }
}
