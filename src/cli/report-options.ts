import { reportAt } from '../catalog/contract.ts';
import { FLAG_PARAMETERS } from '../report/bind-report.ts';
import { longFlag } from './arguments.ts';
import { PAGE_OUTPUT_OPTIONS, REPORT_OPTIONS } from './common-options.ts';
import type { OptionSpec } from './spec.ts';

export const PARAMETER_OPTION: OptionSpec = {
  flags: '--param <name=value>',
  description: 'a value for a parameter of the report; may be repeated',
  group: 'Which sessions:',
  isRepeatable: true,
};

/**
 * The options of the command of a shipped report. Those that the report has no parameter for are hidden rather than
 * unknown: the report says what it takes instead, and one's own in its place may take them.
 *
 * `chooses`: filters by which the command itself chooses the session that the report is asked for.
 */
export function reportOptions(path: string, chooses?: readonly string[]): readonly OptionSpec[] {
  const { parameters, shape } = reportAt(path);
  const taken = parameters.map(({ name }) => name);
  const names = chooses === undefined ? taken : [...taken.filter((name) => name !== 'session'), ...chooses];
  const page = shape === 'document' ? PAGE_OUTPUT_OPTIONS : [];
  const limit = parameters.find(({ name }) => name === 'limit')?.default ?? null;
  const common = REPORT_OPTIONS.map((option): OptionSpec => {
    const name = longFlag(option.flags).slice(2);
    if (FLAG_PARAMETERS.includes(name) && !names.includes(name)) return { ...option, isHidden: true };
    if (name === 'limit' && limit !== null)
      return { ...option, description: `${option.description} (default: ${limit})` };
    return page.find(({ flags }) => flags === option.flags) ?? option;
  });
  const isHidden = names.every((name) => FLAG_PARAMETERS.includes(name));
  return [...common, isHidden ? { ...PARAMETER_OPTION, isHidden } : PARAMETER_OPTION];
}
