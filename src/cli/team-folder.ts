import { AgenttraceError } from '../model/errors.ts';
import type { Invocation } from './spec.ts';

/** The folder of the lake: the one given, else that of the environment. */
export function teamFolder({ runtime }: Invocation, given: string | undefined): string {
  const folder = given ?? (runtime.env.AGENTTRACE_TEAM || undefined);
  if (folder !== undefined) return folder;
  throw new AgenttraceError({
    code: 'usage',
    message: 'No folder of a team’s lake is named.',
    hint: 'Name it: agenttrace publish DIR, agenttrace team --team DIR; or set AGENTTRACE_TEAM.',
  });
}
