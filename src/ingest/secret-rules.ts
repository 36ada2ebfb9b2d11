/**
 * The forms of keys and tokens that gitleaks knows (sql/seeds/secret_rules.csv), made ready for DuckDB.
 *
 * Its expressions are RE2's, as DuckDB's are. They are looser here than there, since a key that is missed is worse than
 * a word too many: no entropy is asked for, and a long key need not be whole, for texts are cut.
 */
import { sqlFile } from '../catalog/sql-files.ts';
import { quoteText } from '../catalog/sql-names.ts';
import type { Connection } from '../warehouse/connection.ts';
import { OWN_SECRET_RULES, type OwnSecretRule } from './own-secret-rules.ts';

export interface SecretRule {
  readonly id: string;
  /** In lower case; a text without any of them is not looked at. */
  readonly keywords: readonly string[];
  /** As published. */
  readonly regex: string;
}

/** What stands around a key in the published rules: none of it is part of the key. */
const END = '(?:[\\x60\'"\\s;]|\\\\[nr]|$)';
const AROUND = [
  '(?:[\\x60\'"\\s;]|\\\\[nr]|$|\\b)',
  END,
  '(?:[^\\w-]|\\z)',
  '(?:[^a-zA-Z0-9+/]|\\z)',
  '(?:^|[\\\\\'"\\x60\\s>=:(,)])',
  '(?:$|[\\\\\'"\\x60\\s<),])',
];
/** What stands between a name and its value in the published rules that go by a service's name. */
const BEFORE_VALUE = '[\\x60\'"\\s=]{0,5}';
const AFTER_NAME = '(?:[ \\t\\w.-]{0,20})';
const VALUE_FOLLOWS = '[ \\t\\w.-]*[\\s\'"]*[=>:|?,][\\s\\x60\'"=>:|]*[^\\s\'"]{8}';
/** So much of a key is enough, where the form says more. */
const ENOUGH = 16;
/** Shorter keywords stand in ordinary words. */
const TELLING = 6;
/** So many repetitions, rather than those of a whole key, where a look is to be cheap. */
const LETTERS = 4;

export function readSecretRules(): readonly SecretRule[] {
  return sqlFile('sql/seeds/secret_rules.csv')
    .split('\n')
    .flatMap((line) => {
      const [, id, keywords, regex] = /^([^#,]+),([^,]+),"(.+)"$/.exec(line) ?? [];
      return id === undefined || keywords === undefined || regex === undefined
        ? []
        : [{ id, keywords: keywords.split(' '), regex: regex.replaceAll('""', '"') }];
    });
}

/** An expression whose first group is what stays of a match: a service's name before its key, or nothing. */
export function maskingPattern({ keywords, regex }: SecretRule): string {
  const form = withoutGroups(regex);
  const named = /^(\(\?i\))?(?:\[\\w\.-\]\{0,50\}\?)?(.*)$/s.exec(form);
  const at = form.indexOf(BEFORE_VALUE);
  if (at < 0 || named === null) return `()(?:${alone(shortened(form, keywords), '')})`;
  const [, flags = '', rest = ''] = named;
  const name = rest.slice(0, rest.indexOf(BEFORE_VALUE) + BEFORE_VALUE.length);
  return `${flags}(${name})${alone(rest.slice(name.length), '\\b')}`;
}

/** One expression that finds every text in which a rule can find something, and few others. */
export function signsOfKeys(rules: readonly SecretRule[]): string {
  const isNamed = ({ regex }: SecretRule): boolean => regex.includes(BEFORE_VALUE);
  const named = rules.filter(isNamed);
  const forms = [...rules.filter((rule) => !isNamed(rule)), ...named.flatMap(formBeside)].flatMap(
    signsOfForm,
  );
  const services = [...new Set(named.map(serviceOf))];
  if (services.length > 0) forms.push(`(?:${services.join('|')})${VALUE_FOLLOWS}`);
  return `(?i)${[...new Set(forms)].join('|')}`;
}

/** The form that a rule may know beside the service's name and its value. */
function formBeside({ id, keywords, regex }: SecretRule): readonly SecretRule[] {
  const beside = regex.split(`${END}|`)[1];
  return beside === undefined ? [] : [{ id, keywords, regex: beside }];
}

/** The expression for the service's name, of a rule that goes by it. */
function serviceOf({ regex }: SecretRule): string {
  const name = regex.split(AFTER_NAME)[0] ?? '';
  return name.replace(/^(?:\(\?i:|\(\?i\)|\[\\w\.-\]\{0,50\}\?)*/, '');
}

/** Keywords where they say enough, or how every key of the form begins: in letters, or else as the form has it. */
function signsOfForm({ keywords, regex }: SecretRule): readonly string[] {
  if (keywords.every((word) => word.length >= TELLING)) return keywords.map(quoted);
  const form = alone(withoutGroups(regex), '');
  const letters = /^(?:\\b)?(?:\(\?:(?!.*\|))?((?:[\w~-]|\\\.){3,})(?![\w{*+?|\\-])/.exec(form)?.[1];
  return [`(?-i:${letters ?? shortened(form, [], LETTERS)})`];
}

interface ListedRule {
  readonly keyword: string;
  /** Two groups: what stays before a key, and behind it. */
  readonly pattern: string;
}

/** Every rule that goes by a keyword, and one expression that finds the texts in which any of them can find something. */
export function listSecretRules(): { readonly signs: string; readonly listed: readonly ListedRule[] } {
  const published = readSecretRules();
  const list = ({ keywords }: Pick<SecretRule, 'keywords'>, pattern: string): readonly ListedRule[] =>
    keywords.map((keyword) => ({ keyword, pattern }));
  return {
    signs: [signsOfKeys(published), ...OWN_SECRET_RULES.map(({ sign }) => sign)].join('|'),
    listed: [
      ...published.flatMap((rule) => list(rule, `${maskingPattern(rule)}()`)),
      ...OWN_SECRET_RULES.flatMap((rule) => list(rule, ownPattern(rule))),
    ],
  };
}

const ownPattern = ({ pattern }: OwnSecretRule): string =>
  groupCount(pattern) < 2 ? `${pattern}()` : pattern;

const groupCount = (regex: string): number =>
  [...regex.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|(\((?!\?))/g)].filter(([, group]) => group !== undefined)
    .length;

/** Hands the rules to the macros of sql/macros/secrets.sql. */
export async function defineSecretRules(connection: Connection): Promise<void> {
  const { signs, listed } = listSecretRules();
  await connection.execute(`
    set variable secret_signs = ${quoteText(signs)};
    set variable secret_rules =
        from_json(${quoteText(JSON.stringify(listed))}, '[{"keyword": "VARCHAR", "pattern": "VARCHAR"}]');`);
}

function withoutGroups(regex: string): string {
  return regex.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?P<\w+>|\((?!\?)/g, (part) =>
    part.startsWith('(') ? '(?:' : part,
  );
}

function alone(regex: string, instead: string): string {
  return AROUND.reduce((form, around) => form.replaceAll(around, instead), regex);
}

/** Lets part of a key do. Not where the form is nothing but hexadecimal digits, as a commit is. */
function shortened(regex: string, keywords: readonly string[], enough = ENOUGH): string {
  if (keywords.some((keyword) => /^[0-9a-f]+$/.test(keyword))) return regex;
  return regex.replace(/\{(\d+)(?:,(\d*))?\}/g, (whole, least: string, most?: string) => {
    if (Number(least) > enough) return `{${enough},}`;
    return Number(most) > enough ? `{${least},}` : whole;
  });
}

const quoted = (words: string): string => words.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
