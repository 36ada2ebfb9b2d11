import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { AgenttraceError } from '../model/errors.ts';
import { makeFolder } from '../warehouse/make-folder.ts';
import { LAKE_CONTRACT, lakeFile } from './layout.ts';
import { DRAFT_SUFFIX } from './write-whole.ts';

/** Throws unless the folder is a lake of this program's major version. */
export function checkLake(folder: string): void {
  if (!existsSync(lakeFile(folder))) {
    throw new AgenttraceError({
      code: 'no_input',
      message: existsSync(folder)
        ? 'This folder is no lake: it has no lake.json.'
        : 'There is no such folder, so no lake.',
      source: folder,
      hint: 'agenttrace publish DIR makes a lake of this machine’s sessions, or adds them to one.',
    });
  }
  const { name, version } = readContract(folder);
  if (name !== LAKE_CONTRACT.name) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: `This lake.json is of “${name}”, not of ${LAKE_CONTRACT.name}. It was left as it is.`,
      source: lakeFile(folder),
      hint: 'Name the folder of a lake, or another folder to make one in.',
    });
  }
  if (majorOf(version) !== majorOf(LAKE_CONTRACT.version)) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: `This lake has contract version ${version}; this agenttrace knows ${LAKE_CONTRACT.version}. It was left as it is.`,
      source: lakeFile(folder),
      hint: 'Use an agenttrace of that version, or another folder.',
    });
  }
}

/** Makes the folder a lake where it is none; throws where it is one of another kind. */
export function ensureLake(folder: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new AgenttraceError({
      code: 'bad_input',
      message: 'This is a file; a lake is a folder.',
      source: folder,
      hint: 'agenttrace publish DIR',
    });
  }
  if (!existsSync(lakeFile(folder))) {
    makeFolder(folder);
    const draft = `${lakeFile(folder)}.${process.pid}${DRAFT_SUFFIX}`;
    writeFileSync(draft, `${JSON.stringify(LAKE_CONTRACT, null, 2)}\n`);
    try {
      linkSync(draft, lakeFile(folder));
    } catch {
      // Another publisher was first, or the disk knows no links.
      if (!existsSync(lakeFile(folder))) writeFileSync(lakeFile(folder), readFileSync(draft));
    } finally {
      rmSync(draft, { force: true });
    }
  }
  checkLake(folder);
}

function readContract(folder: string): { readonly name: string; readonly version: string } {
  try {
    const { name, version } = JSON.parse(readFileSync(lakeFile(folder), 'utf8')) as Record<string, unknown>;
    if (typeof name === 'string' && typeof version === 'string') return { name, version };
  } catch {
    // Said below.
  }
  throw new AgenttraceError({
    code: 'bad_input',
    message: 'This lake.json cannot be read: it names no contract and version. It was left as it is.',
    source: lakeFile(folder),
    hint: 'Bring it back from a copy, or use another folder.',
  });
}

const majorOf = (version: string): string => version.split('.')[0] ?? '';
