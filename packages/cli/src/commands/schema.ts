import { pipelineSchema } from '@cannectors/config';
import { discover } from '@cannectors/host';
import type { ExitCode, Invocation } from '../commands.ts';
import { jsonText } from '../json-text.ts';
import { terminal } from '../terminal.ts';

export async function schema({ flags, bin }: Invocation): Promise<ExitCode> {
  const installed = await discover({ folder: process.cwd(), command: bin });
  terminal(flags).result(`${jsonText(pipelineSchema(installed), 2)}\n`);
  return 0;
}
