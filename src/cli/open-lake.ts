import { resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/** What `--team` opens: see `openTeam`. */
export type OpenedTeam = Awaited<ReturnType<typeof import('../lake/open-team.ts').openTeam>>;

/** Opens the lake that `--team` names, and says on stderr what does not stand there as its host says. */
export async function openLake(invocation: Invocation, team: string): Promise<OpenedTeam> {
  const { runtime, options } = invocation;
  refuseTogether(invocation);
  const { openTeam } = await import('../lake/open-team.ts');
  const opened = await openTeam(resolve(runtime.workingFolder, team));
  for (const text of opened.notes) await note({ runtime, options }, text);
  return opened;
}

function refuseTogether({ options }: Invocation): void {
  const other = [
    options.folders.length > 0 ? '--dir' : '',
    options.isDemo ? '--demo' : '',
    options.warehouse === undefined ? '' : '--warehouse',
    options.isRefreshing ? '' : '--no-refresh',
  ].find((flag) => flag !== '');
  if (other !== undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: `--team answers from a lake, ${other} from logs or a warehouse: there is no answer from both.`,
      hint: 'agenttrace publish DIR adds this machine’s sessions to a lake.',
    });
  }
  if (options.costMode !== 'auto') {
    throw new AgenttraceError({
      code: 'usage',
      message: `A lake holds costs as the hosts reckoned them (auto), so --cost-mode ${options.costMode} cannot be had from it.`,
      hint: 'Ask without --cost-mode; llm_calls has what logs report in reported_cost_usd.',
    });
  }
}

/** Throws where a report needs what no host publishes. */
export function refuseMissing(
  missing: ReadonlySet<string>,
  { name, views }: { readonly name: string; readonly views: readonly string[] },
): void {
  const lacking = views.filter((view) => missing.has(view));
  if (lacking.length === 0) return;
  throw new AgenttraceError({
    code: 'usage',
    message: `${name} needs ${lacking.join(' and ')}, which hosts do not publish: a lake cannot answer it.`,
    hint: 'Ask on the host itself, without --team. agenttrace report --team DIR lists what a lake can answer.',
  });
}
