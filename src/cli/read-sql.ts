import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import type { Invocation } from './spec.ts';

/** The SQL of a command: its argument, the file of `--file`, or stdin. */
export async function readSql(invocation: Invocation): Promise<string> {
  const sql = await takeSql(invocation);
  if (sql.trim() === '') throw noSql('bad_sql');
  return sql;
}

const noSql = (code: 'usage' | 'bad_sql'): AgenttraceError =>
  new AgenttraceError({
    code,
    message: 'There is no SQL.',
    hint: 'agenttrace query "select * from sessions limit 10", or --file FILE, or - for stdin. agenttrace schema lists the views.',
  });

async function takeSql({ runtime, options, operands }: Invocation): Promise<string> {
  const [given] = operands;
  if (given !== undefined && options.file !== undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: 'The SQL is given twice: as an argument and by --file.',
    });
  }
  if (options.file !== undefined) return readSqlFile(resolve(runtime.workingFolder, options.file));
  if (given !== undefined && given !== '-') return notFile(given, runtime);
  if (given === undefined && runtime.stdin.isTerminal) throw noSql('usage');
  return runtime.stdin.readAll();
}

/** SQL has several words; one that names a file is a file that was meant. */
function notFile(given: string, { workingFolder }: Invocation['runtime']): string {
  const path = resolve(workingFolder, given);
  if (/\s/.test(given) || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return given;
  throw new AgenttraceError({
    code: 'usage',
    message: 'This is a file, and query takes SQL.',
    source: path,
    hint: `agenttrace query --file ${given}`,
  });
}

function readSqlFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new AgenttraceError({
      code: 'no_input',
      message: 'The SQL file cannot be read.',
      source: path,
      cause,
    });
  }
}
