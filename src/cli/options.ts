import { AgenttraceError } from '../model/errors.ts';
import { COST_MODES, type CostMode, findTimeZone } from '../model/settings.ts';
import { FORMATS } from './common-options.ts';
import { type GateRequest, readGates } from './gate-request.ts';
import { nearest } from './nearest.ts';
import type { Runtime } from './runtime.ts';
import { isBackFromNow, parseWhen } from './when.ts';

export type Format = (typeof FORMATS)[number];

/** The command line's options, checked and typed. Absent means: not given. */
export interface Options {
  /** The flags that were given, as `--limit`, or `-m` where there is no long one. */
  readonly given: readonly string[];
  readonly format: Format | undefined;
  readonly output: string | undefined;
  readonly folders: readonly string[];
  readonly isDemo: boolean;
  readonly warehouse: string | undefined;
  readonly isRefreshing: boolean;
  /** `--team`: folder of a lake. */
  readonly team: string | undefined;
  readonly since: Date | undefined;
  readonly until: Date | undefined;
  /** Whether either is told by the time of asking. */
  readonly isPeriodMoving: boolean;
  readonly agent: string | undefined;
  readonly model: string | undefined;
  readonly project: string | undefined;
  readonly session: string | undefined;
  readonly limit: number | undefined;
  readonly timeZone: string;
  readonly costMode: CostMode;
  readonly isQuiet: boolean;
  readonly hasColor: boolean;
  readonly hasContent: boolean;
  /** Conditions that a report is held against. */
  readonly gates: readonly GateRequest[];
  /** `--patch` of diff. */
  readonly patch: string | undefined;
  /** `--file` of query. */
  readonly file: string | undefined;
  /** `--timeout` of query and report. */
  readonly timeoutMs: number;
  /** `--memory` of query. */
  readonly memoryBytes: number;
  /** `--unsafe-external` of query. */
  readonly externalFolder: string | undefined;
  /** `--plan` of query. */
  readonly isPlanned: boolean;
  /** `--profile` of query. */
  readonly isProfiled: boolean;
  /** `--ddl` of schema. */
  readonly isDdl: boolean;
  /** `--pseudonyms`: file of a key. */
  readonly pseudonyms: string | undefined;
  /** `--yes` of forget. */
  readonly isAgreed: boolean;
  /** `--dry-run` of forget. */
  readonly isDryRun: boolean;
  /** `--undo` of forget. */
  readonly isUndoing: boolean;
  /** `--load` of prices. */
  readonly priceFile: string | undefined;
  /** `--update-pricing` of prices. */
  readonly isUpdatingPrices: boolean;
  /** `--reports DIR` of report. */
  readonly reportFolders: readonly string[];
  /** `--eject NAME` of report. */
  readonly ejected: string | undefined;
  /** `--events` of export. */
  readonly hasEvents: boolean;
  /** `--answers` of export. */
  readonly hasAnswers: boolean;
  /** `--param name=value` of report and query. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Commander's values by camel-cased option name. */
export type RawOptions = Readonly<Record<string, unknown>>;

/** Checks what commander parsed. Throws a usage error that names the flag. */
export function readOptions(
  { raw, given }: { readonly raw: RawOptions; readonly given: readonly string[] },
  runtime: Runtime,
): Options {
  checkLanguage(text(raw.lang));
  const timeZone = readTimeZone(text(raw.timezone), runtime);
  const when = (flag: '--since' | '--until', value: string | undefined): Date | undefined =>
    value === undefined ? undefined : parseWhen({ text: value, flag, now: runtime.now, timeZone });
  const since = when('--since', text(raw.since));
  const until = when('--until', text(raw.until));
  if (since !== undefined && until !== undefined && since >= until) {
    throw new AgenttraceError({
      code: 'usage',
      message: '--since is not before --until: no moment is left.',
      hint: `--since is ${since.toISOString()}, --until ${until.toISOString()}.`,
    });
  }
  return {
    given,
    format: readFormat(text(raw.format)),
    output: raw.output === '-' ? undefined : text(raw.output),
    folders: Array.isArray(raw.dir) ? raw.dir.map(String) : [],
    isDemo: raw.demo === true,
    warehouse: text(raw.warehouse),
    isRefreshing: raw.refresh !== false,
    team: text(raw.team),
    since,
    until,
    isPeriodMoving: [raw.since, raw.until].some((value) => isBackFromNow(text(value) ?? '')),
    agent: text(raw.agent),
    model: text(raw.model),
    project: text(raw.project),
    session: text(raw.session),
    limit: readCount('--limit', text(raw.limit)),
    timeZone,
    costMode: readChoice('--cost-mode', text(raw.costMode) ?? 'auto', COST_MODES),
    isQuiet: raw.quiet === true,
    hasColor: hasColor(raw, runtime),
    hasContent: raw.content === true,
    gates: readGates(raw),
    patch: text(raw.patch),
    file: text(raw.file),
    timeoutMs: (readCount('--timeout', text(raw.timeout)) ?? 60) * 1000,
    memoryBytes: (readCount('--memory', text(raw.memory)) ?? 512) * 1_000_000,
    externalFolder: text(raw.unsafeExternal),
    isPlanned: raw.plan === true,
    isProfiled: raw.profile === true,
    isDdl: raw.ddl === true,
    pseudonyms: text(raw.pseudonyms),
    isAgreed: raw.yes === true,
    isDryRun: raw.dryRun === true,
    isUndoing: raw.undo === true,
    priceFile: text(raw.load),
    isUpdatingPrices: raw.updatePricing === true,
    reportFolders: Array.isArray(raw.reports) ? raw.reports.map(String) : [],
    ejected: text(raw.eject),
    hasEvents: raw.events === true,
    hasAnswers: raw.answers === true,
    parameters: readParameters(raw.param),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function readFormat(value: string | undefined): Format | undefined {
  if (value === undefined) return undefined;
  const name = value.toLowerCase();
  if (name === 'text') return 'table';
  if (name === 'md') return 'markdown';
  return readChoice('--format', name, FORMATS);
}

function readChoice<T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  const [near] = nearest(value, choices, 1);
  throw new AgenttraceError({
    code: 'usage',
    message: `${flag} has no “${value}”.`,
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}Choose from ${choices.join(', ')}.`,
  });
}

function readCount(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^0*\d{1,9}$/.test(value) && Number(value) > 0) return Number(value);
  throw new AgenttraceError({
    code: 'usage',
    message: `${flag} wants a whole number from 1 to 999,999,999, not “${value}”.`,
  });
}

/** English is what there is. */
function checkLanguage(value: string | undefined): void {
  if (value === undefined || /^en([-_]|$)/i.test(value)) return;
  const isLater = /^(zh([-_]|$)|chinese$)/i.test(value);
  throw new AgenttraceError({
    code: 'usage',
    message: isLater ? `--lang ${value} is not built yet.` : `--lang has no “${value}”.`,
    hint: 'The program speaks English: --lang en.',
  });
}

function readTimeZone(value: string | undefined, { timeZone }: Runtime): string {
  if (value === undefined) return timeZone;
  const found = findTimeZone(value);
  if (found !== undefined) return found;
  const [near] = nearest(value, Intl.supportedValuesOf('timeZone'), 1);
  throw new AgenttraceError({
    code: 'usage',
    message: `--timezone knows no “${value}”.`,
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}Use a name such as UTC, Europe/Berlin or America/New_York.`,
  });
}

function readParameters(values: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(values)) return {};
  return Object.fromEntries(
    values.map(String).map((entry) => {
      const split = entry.indexOf('=');
      if (split > 0) return [entry.slice(0, split), entry.slice(split + 1)];
      throw new AgenttraceError({ code: 'usage', message: `--param wants name=value, not “${entry}”.` });
    }),
  );
}

/** https://no-color.org, and its opposite FORCE_COLOR; otherwise colour is for terminals. */
function hasColor(raw: RawOptions, { env, stdout }: Runtime): boolean {
  if (raw.color === false || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return stdout.isTerminal && env.TERM !== 'dumb';
}
