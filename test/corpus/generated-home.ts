/** Homes of any size from the generator beside the repository. Absent in most checkouts. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATOR, temporaryFolder } from '../adapters/load.ts';

export const hasGenerator = existsSync(GENERATOR);

export interface GeneratedTruth {
  readonly claude: {
    readonly sessions: number;
    readonly api_calls: number;
    readonly tool_calls: number;
    readonly tool_errors: number;
    readonly user_prompts: number;
    readonly by_model: Readonly<
      Record<
        string,
        {
          readonly input: number;
          readonly output: number;
          readonly cache_write: number;
          readonly cache_read: number;
        }
      >
    >;
  };
  readonly codex: {
    readonly sessions: number;
    readonly input: number;
    readonly cached_input: number;
    readonly output: number;
    readonly reasoning: number;
    readonly tool_calls: number;
    readonly tool_errors: number;
    readonly turns: number;
  };
}

export function generatedHome({ seed, mb }: { readonly seed: number; readonly mb: number }): {
  readonly home: string;
  readonly truth: GeneratedTruth;
} {
  const home = join(temporaryFolder(), 'home');
  execFileSync(process.execPath, [GENERATOR, '--out', home, '--mb', String(mb), '--seed', String(seed)]);
  return { home, truth: JSON.parse(readFileSync(join(home, 'truth.json'), 'utf8')) as GeneratedTruth };
}
