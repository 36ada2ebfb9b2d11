import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sqlFile } from '../catalog/sql-files.ts';
import { AgenttraceError } from '../model/errors.ts';
import { findReport } from '../report/find-report.ts';
import { SHIPPED } from '../report/report-places.ts';
import { makeFolder } from '../warehouse/make-folder.ts';
import { noSuchReport, ownReports } from './choose-report.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/**
 * Writes a shipped report as a file to change, and its path to stdout: into the folder of `--reports`, else among one's
 * own, where it takes the place of the shipped one. A file that is there is left as it is.
 */
export async function ejectReport(invocation: Invocation, name: string): Promise<void> {
  const { runtime, options } = invocation;
  const found = findReport(name, [SHIPPED]);
  if (found === undefined) throw noSuchReport(name, [SHIPPED]);
  const [given] = options.reportFolders;
  const folder = given === undefined ? ownReports(invocation) : resolve(runtime.workingFolder, given);
  const path = join(folder, `${name}.sql`);
  makeFolder(folder);
  try {
    writeFileSync(path, sqlFile(found.report.path), { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new AgenttraceError({
      code: 'usage',
      message: 'This file is there already. It was left as it is.',
      source: path,
      hint: `Move it away, or name another folder: agenttrace report --eject ${name} --reports DIR.`,
      cause,
    });
  }
  await runtime.stdout.write(`${path}\n`);
  await note(
    invocation,
    given === undefined
      ? `agenttrace report ${name} runs this file from now on; remove it to have the shipped one back.`
      : `agenttrace report ${name} --reports ${given} runs it.`,
  );
}
