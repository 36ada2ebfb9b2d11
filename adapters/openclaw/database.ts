import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { type OpenDatabase, openDatabase } from '../../src/read/sqlite.ts';
import { coldEvents } from './cold-archive.ts';
import { type StoredIn, storedEvent, unpacked } from './events.ts';

/** Where the lines of archives kept in the database begin: rows of the transcripts are numbered from 1. */
const ARCHIVE_LINES = 1_000_000_000;

type Tables = ReadonlyMap<string, readonly string[]>;
type Cell = string | number | bigint | Uint8Array | null | undefined;
type Row = Readonly<Record<string, Cell>>;

/** What a load went up to: the last row, and which row that was, since SQLite may number rows anew; and the archives. */
interface Mark {
  readonly row: number;
  readonly name: string;
  readonly archives: string;
}

/** Whether a database holds OpenClaw's transcripts. */
export function holdsTranscripts(tables: Tables | undefined): boolean {
  const columns = tables?.get('transcript_events');
  return (
    columns !== undefined &&
    ['session_id', 'seq'].every((name) => columns.includes(name)) &&
    ['event_json', 'event_zstd'].some((name) => columns.includes(name))
  );
}

/** Reads the transcripts of an agent's database, from the mark on. Nothing but transcripts and who started whom is looked at. */
export const readDatabase: ReadSource = function* read({ path, mark }) {
  const database = openDatabase(path);
  try {
    const tables = database.tables();
    if (!holdsTranscripts(tables)) return undefined;
    const before = usableMark(database, mark);
    const origins = originsOf(database, tables);
    const last = yield* readEvents(database, { tables, origins, after: before?.row ?? 0 });
    const archives = archiveState(database, tables);
    if (archives !== (before?.archives ?? '')) yield* readArchives(database, tables);
    return JSON.stringify({ ...(last ?? before ?? { row: 0, name: '' }), archives } satisfies Mark);
  } finally {
    database.close();
  }
};

const select = (database: OpenDatabase, sql: string): readonly Row[] => [...database.rows(sql)];

/** The mark, if its row is still the one it was. */
function usableMark(database: OpenDatabase, mark: string | undefined): Mark | undefined {
  if (mark === undefined) return undefined;
  try {
    const { row, name, archives } = JSON.parse(mark) as Mark;
    if (!Number.isInteger(row)) return undefined;
    const [found] = select(
      database,
      `select session_id, seq from source.transcript_events where rowid = ${row}`,
    );
    return found !== undefined && nameOf(found) === name ? { row, name, archives } : undefined;
  } catch {
    return undefined;
  }
}

const nameOf = ({ session_id, seq }: Row): string => `${session_id}:${seq}`;

interface EventsToRead {
  readonly tables: Tables;
  readonly origins: ReadonlyMap<string, Partial<StoredIn>>;
  readonly after: number;
}

/** Records are numbered by their row. Returns the last one. */
function* readEvents(
  database: OpenDatabase,
  { tables, origins, after }: EventsToRead,
): Generator<ReadRecord | ReadReject, Pick<Mark, 'row' | 'name'> | undefined> {
  const columns = tables.get('transcript_events') ?? [];
  const taken = ['event_json', 'event_zstd'].filter((name) => columns.includes(name));
  let last: Pick<Mark, 'row' | 'name'> | undefined;
  const rows = database.rows(
    `select rowid as line_no, session_id, seq, ${taken.join(', ')} from source.transcript_events
    where rowid > ${after} order by rowid`,
  );
  for (const row of rows) {
    const lineNo = Number(row.line_no);
    last = { row: lineNo, name: nameOf(row) };
    const sessionId = String(row.session_id);
    const json = eventText(row);
    yield json === undefined
      ? { lineNo, reason: 'holds no readable event', sizeBytes: sizeOf(row.event_zstd) }
      : storedEvent(json, { lineNo, storedIn: { session_id: sessionId, ...origins.get(sessionId) } });
  }
  return last;
}

/** An event is text or, from schema 23 on, packed. */
function eventText({ event_json, event_zstd }: Row): string | undefined {
  if (typeof event_json === 'string') return event_json;
  return event_zstd instanceof Uint8Array ? unpacked(event_zstd) : undefined;
}

const sizeOf = (cell: Cell): number =>
  cell instanceof Uint8Array ? cell.length : typeof cell === 'string' ? Buffer.byteLength(cell) : 0;

/** Who started or was copied to which session, as far as this version has columns for it. */
function originsOf(database: OpenDatabase, tables: Tables): ReadonlyMap<string, Partial<StoredIn>> {
  const columns = tables.get('session_nodes') ?? [];
  if (!['session_key', 'current_session_id', 'spawned_by'].every((name) => columns.includes(name)))
    return new Map();
  const fork = columns.includes('fork_source_session_id') ? 'n.fork_source_session_id' : 'null';
  const rows = select(
    database,
    `select n.current_session_id as id, p.current_session_id as parent, ${fork} as fork
    from source.session_nodes as n
    left join source.session_nodes as p on p.session_key = n.spawned_by and p.session_key <> n.session_key
    where n.spawned_by is not null or ${fork} is not null`,
  );
  return new Map(
    rows.map(({ id, parent, fork: origin }) => [
      String(id),
      {
        ...(typeof parent === 'string' ? { parent_id: parent } : {}),
        ...(typeof origin === 'string' ? { forked_from_id: origin } : {}),
      },
    ]),
  );
}

/** Archives are written once: they are read again only where there are others than before. */
function archiveState(database: OpenDatabase, tables: Tables): string {
  return archiveTables(tables)
    .map((table) => {
      const [row] = select(database, `select count(*) as n, max(archive_name) as name from source.${table}`);
      return `${table}:${row?.n}:${row?.name}`;
    })
    .join(' ');
}

/** Tables that keep a transcript's events in one cell. */
const archiveTables = (tables: Tables): readonly string[] =>
  ['session_transcript_archives', 'session_transcript_cold_archives'].filter((name) =>
    ['session_id', 'archive_name', 'archive_blob'].every((column) => tables.get(name)?.includes(column)),
  );

/** Transcripts that were deleted or grew cold, unless a file of their own holds them. */
function* readArchives(database: OpenDatabase, tables: Tables): Generator<ReadRecord | ReadReject> {
  let lineNo = ARCHIVE_LINES;
  for (const table of archiveTables(tables)) {
    const rows = database.rows(
      `select session_id, archive_blob from source.${table} where archive_blob is not null order by archive_name`,
    );
    for (const { session_id, archive_blob } of rows) {
      const text = archiveText(archive_blob);
      lineNo += 1;
      if (text === undefined) {
        yield { lineNo, reason: 'holds no readable archive', sizeBytes: sizeOf(archive_blob) };
        continue;
      }
      const sessionId = String(session_id);
      const lines =
        table === 'session_transcript_archives'
          ? plainEvents(text, { firstLine: lineNo, sessionId })
          : coldEvents(text, { firstLine: lineNo, sessionId });
      yield* lines;
      lineNo += text.split('\n').length;
    }
  }
}

function archiveText(cell: Cell): string | undefined {
  if (typeof cell === 'string') return cell;
  if (!(cell instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(cell.buffer, cell.byteOffset, cell.length);
  const isPacked = bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528;
  return isPacked ? unpacked(cell) : bytes.toString('utf8');
}

function* plainEvents(
  text: string,
  { firstLine, sessionId }: { readonly firstLine: number; readonly sessionId: string },
): Generator<ReadRecord | ReadReject> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '')
      yield storedEvent(line, { lineNo: firstLine + index, storedIn: { session_id: sessionId } });
  }
}
