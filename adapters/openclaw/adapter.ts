import type { Adapter, Surroundings } from '../../src/model/adapter.ts';
import { firstRecords } from '../../src/model/first-records.ts';
import { databaseCompanions } from '../../src/read/sqlite.ts';
import { folderOf, joiner } from '../pi/places.ts';
import { sessionPlan } from '../pi/plan.ts';
import { familyMember } from '../pi/recognise.ts';
import { isColdRecord, readColdArchive } from './cold-archive.ts';
import { holdsTranscripts, readDatabase } from './database.ts';
import { indexedSession, indexFile } from './session-index.ts';

/** Today's folder and those of the product's earlier names. */
const FOLDERS = ['.openclaw', '.clawdbot', '.moltbot', '.moldbot'];

/** A folder of `agents` in which nothing but sessions is kept: not the workspaces beside them. */
const SESSION_FOLDER = /^[^/]+(?:\/(?:agent|sessions(?:\/cold)?))?$/;

function stateFolders(surroundings: Surroundings): readonly string[] {
  const configured = folderOf(surroundings, 'OPENCLAW_STATE_DIR');
  if (configured !== undefined) return [configured];
  const join = joiner(surroundings);
  const home = folderOf(surroundings, 'OPENCLAW_HOME') ?? surroundings.home;
  const profile = surroundings.env.OPENCLAW_PROFILE?.trim() || 'default';
  return [...FOLDERS, ...(profile === 'default' ? [] : [`.openclaw-${profile}`])].map((name) =>
    join(home, name),
  );
}

const TRACE_OR_CHECKPOINT = /\.trajectory\.jsonl$|\.checkpoint\.[^/]*\.jsonl$/;
const BACKUP = /\.jsonl\.(?!reset\.|deleted\.|zst$)[^/]*$/;

/** Transcripts live, reset and deleted; not the copies made before a compaction, nor what is traced beside a session. */
function formOf(path: string): string | undefined {
  if (/(?:^|\/)cold\/[^/]+\.jsonl(?:\.zst)?$/.test(path)) return 'cold';
  if (/(?:^|\/)openclaw-agent\.sqlite$/.test(path)) return 'sqlite';
  if (TRACE_OR_CHECKPOINT.test(path)) return undefined;
  return /\.jsonl(?:\.(?:reset|deleted)\.[^/]+)?$/.test(path) ? 'jsonl' : undefined;
}

/** OpenClaw, once clawdbot and moltbot: pi's format in files and, from autumn 2026 on, in a database. */
export const openclaw: Adapter = {
  id: 'openclaw',
  displayName: 'OpenClaw',
  version: 4,
  tellsStopReason: true,
  plan: sessionPlan('openclaw'),
  normalizeSql: 'adapters/pi/normalize.sql',
  portionBytes: 128_000_000,
  forms: {
    jsonl: {
      format: 'jsonl',
      neighbours: (path) => ({ files: [indexFile(path)], say: () => indexedSession(path) }),
      context: indexedSession,
    },
    cold: { format: 'jsonl', read: readColdArchive },
    sqlite: {
      format: 'sqlite',
      read: readDatabase,
      isIncremental: true,
      companions: databaseCompanions,
    },
  },
  places: (surroundings) =>
    stateFolders(surroundings).map((folder) => ({
      path: joiner(surroundings)(folder, 'agents'),
      enters: (path) => SESSION_FOLDER.test(path),
    })),
  formOf,
  ignores: (path) => TRACE_OR_CHECKPOINT.test(path) || BACKUP.test(path),
  recognise: (head) => {
    if (familyMember(head) === 'openclaw') return 'jsonl';
    if (firstRecords(head.text).some(isColdRecord)) return 'cold';
    return head.text.startsWith('SQLite format 3') && holdsTranscripts(head.tables()) ? 'sqlite' : undefined;
  },
  knows: {
    tokens: 'call',
    cacheSplit: 'some',
    reasoning: 'some',
    reportedCost: 'some',
    toolStatus: 'yes',
    durations: 'some',
    apiErrors: 'yes',
    subagents: 'some',
    edits: 'some',
    liveDatabase: 'yes',
  },
};
