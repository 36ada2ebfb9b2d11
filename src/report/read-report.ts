import { readFileSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { parseReport, type Report } from '../catalog/report.ts';
import { AgenttraceError } from '../model/errors.ts';

/** More than any statement that a person wrote. */
const MOST_BYTES = 1_000_000;

/**
 * A report from a file. Throws with the path for what is no file of SQL, and with path and line for a bad header.
 *
 * `within`: a folder that the file must lie in, links followed. An error shows a line of the file, and a repository must not
 * make it a line of another.
 */
export function readReport(path: string, within?: string): Report {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw unusable(path, 'There is no such file.', 'no_input');
  // A pipe or a device that a link names would never end.
  if (!stat.isFile()) throw unusable(path, 'A report is a regular file.', 'bad_input');
  if (stat.size > MOST_BYTES) throw unusable(path, 'A report has at most a million bytes.', 'bad_input');
  if (within !== undefined && !realpathSync(path).startsWith(`${realpathSync(within)}${sep}`)) {
    throw unusable(path, 'This is a link to a file outside of the project.', 'bad_input');
  }
  return parseReport(path, readFileSync(path, 'utf8'));
}

const unusable = (path: string, message: string, code: 'no_input' | 'bad_input'): AgenttraceError =>
  new AgenttraceError({ code, message, source: path, hint: 'agenttrace report lists the reports.' });
