import { realpathSync, statSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { AgenttraceError } from '../model/errors.ts';
import { note } from './note.ts';
import type { Invocation } from './spec.ts';

/** The real path of the folder that `--unsafe-external` opens to SQL, said on stderr; undefined without it. */
export async function openExternalFolder(invocation: Invocation): Promise<string | undefined> {
  const { runtime, options } = invocation;
  if (options.externalFolder === undefined) return undefined;
  const asked = resolve(runtime.workingFolder, options.externalFolder);
  if (statSync(asked, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new AgenttraceError({
      code: 'no_input',
      message: '--unsafe-external wants a folder that is there.',
      source: asked,
    });
  }
  const folder = realpathSync(asked);
  if (parse(folder).root === folder) {
    throw new AgenttraceError({
      code: 'usage',
      message: '--unsafe-external opens one folder, not the whole disk.',
      source: folder,
    });
  }
  await note(invocation, `the SQL can read every file below ${folder}`);
  return folder;
}
