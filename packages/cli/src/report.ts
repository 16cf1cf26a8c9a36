import path from 'node:path';
import type { OutputPreview, RunResult } from '@cannectors/core/run';
import { type Instance, stateFile } from '@cannectors/host';
import type { Flags } from './flags.ts';
import { jsonText } from './json-text.ts';
import { previewText } from './preview-text.ts';
import { failureText, successText } from './summary.ts';
import type { Terminal } from './terminal.ts';

/** Says how a run ended: as a document with `--json`, and to people. */
export function reportResult(
  given: RunResult,
  { pipeline }: Instance,
  flags: Flags,
  screen: Terminal,
): void {
  const { dryRunOptions } = pipeline;
  const preview = given.preview?.map((output) => trimmed(output, dryRunOptions));
  const result = { ...given, ...(preview && { preview }) };
  if (flags.json) screen.result(`${jsonText(result)}\n`);
  if (result.status === 'error') {
    screen.error((paint) => failureText(result, paint));
    return;
  }
  const statePath = flags.dryRun ? undefined : path.relative('', stateFile(pipeline).path);
  screen.info((paint) => successText(result, statePath, paint));
  if (preview?.some(({ records }) => records > 0)) {
    screen.info((paint) => previewText(preview, paint, flags.verbose));
  }
}

/** `dryRunOptions` may leave out the headers or the body of requests. */
function trimmed(
  output: OutputPreview,
  { includeHeaders, includeBody }: Instance['pipeline']['dryRunOptions'],
): OutputPreview {
  const operations = output.operations.map((operation) => {
    if (operation.http === undefined) return operation;
    const { headers, body_preview, ...request } = operation.http;
    return {
      ...operation,
      http: {
        ...request,
        headers: includeHeaders ? headers : {},
        ...(includeBody && body_preview !== undefined && { body_preview }),
      },
    };
  });
  return { ...output, operations };
}
