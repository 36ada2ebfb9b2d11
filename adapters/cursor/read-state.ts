/**
 * Conversations of a state.vscdb, global or of a workspace. Nothing is asked for but the keys and key ranges named here: the same tables
 * hold tokens of the user's accounts.
 */
import { isRecord } from '../../src/model/first-records.ts';
import type { ReadRecord, ReadReject, ReadSource } from '../../src/model/reader.ts';
import { type OpenDatabase, openDatabase } from '../../src/read/sqlite.ts';
import type { SqlRow } from '../../src/read/sqlite-rows.ts';
import {
  type Conversation,
  type ConversationState,
  conversationRecord,
  messageRecord,
  PLACES,
  sizeOf,
} from './conversation-records.ts';
import { openNumbering, type StateMark } from './state-mark.ts';

type Records = Generator<ReadRecord | ReadReject, void>;

const LISTS = ['composer.composerData', 'composer.composerHeaders'] as const;
const CHATS = 'workbench.panel.aichat.view.aichat.chatdata';

/** What is kept of a conversation's own value, which can be of megabytes. */
const HEADER_KEYS = [
  'createdAt',
  'lastUpdatedAt',
  'modelConfig',
  'subagentInfo',
  'createdFromComposerId',
  'createdOnBranch',
  'workspaceIdentifier',
] as const;
const HEADER = `json_object(${HEADER_KEYS.map((key) => `'${key}', json_extract(v, '$.${key}')`).join(', ')})`;

const ITEM = `select case when json_valid(cast(value as text)) then cast(value as text) else '{}' end as v
  from ItemTable where key = ?`;

export const readState: ReadSource = function* ({ path, mark }) {
  const database = openDatabase(path);
  try {
    const tables = database.tables();
    const numbering = openNumbering(mark);
    if (tables.has('cursorDiskKV')) yield* readKeys(database, numbering);
    if (tables.has('ItemTable')) yield* readItems(database, numbering);
    return JSON.stringify(numbering.mark());
  } finally {
    database.close();
  }
};

/** Whether one of the items is there, in a database of the right form. */
export function holdsConversations(path: string): boolean {
  const database = openDatabase(path);
  try {
    const keys = [...LISTS, CHATS];
    const [row] = [...database.rows('select key from ItemTable where key in (?, ?, ?) limit 1', keys)];
    return row !== undefined;
  } finally {
    database.close();
  }
}

type Numbering = ReturnType<typeof openNumbering>;

function* readKeys(database: OpenDatabase, numbering: Numbering): Records {
  const newestRow = Number(first(database, 'select max(rowid) as newest from cursorDiskKV')?.newest ?? 0);
  const { before } = numbering;
  const wanted =
    before === undefined || newestRow < before.row ? allIds(database) : changedIds(database, before);
  for (const id of wanted) yield* readConversation(database, { id, numbering });
  numbering.setRow(newestRow);
}

/** Every conversation that has a value or messages, by the ends of key ranges: no value is touched. */
function allIds(database: OpenDatabase): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { id } of database.rows(
    "select substr(key, 14) as id from cursorDiskKV where key >= 'composerData:' and key < 'composerData;' order by key",
  ))
    ids.add(String(id));
  for (let from = 'bubbleId:'; ; ) {
    const row = first(
      database,
      "select key from cursorDiskKV where key >= ? and key < 'bubbleId;' order by key limit 1",
      [from],
    );
    const id = conversationOf(row?.key);
    if (id === undefined) return ids;
    ids.add(id);
    from = `bubbleId:${id};`;
  }
}

/**
 * Rows that are written again get a new rowid, as the tables replace on conflict; where a build updates in place, the conversation's own
 * time of change tells.
 */
function changedIds(database: OpenDatabase, before: StateMark): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { key } of database.rows(
    `select key from cursorDiskKV where rowid > ?
      and (+key >= 'bubbleId:' and +key < 'bubbleId;' or +key >= 'composerData:' and +key < 'composerData;')`,
    [before.row],
  )) {
    const id = String(key).startsWith('composerData:') ? String(key).slice(13) : conversationOf(key);
    if (id !== undefined) ids.add(id);
  }
  for (const { id, updated } of database.rows(
    `select id, case when json_valid(v) then cast(json_extract(v, '$.lastUpdatedAt') as text) end as updated
    from (
      select substr(key, 14) as id, cast(value as text) as v
      from cursorDiskKV where key >= 'composerData:' and key < 'composerData;'
    )`,
  ))
    if ((before.known[`keys:${id}`]?.[1] ?? null) !== updated) ids.add(String(id));
  return ids;
}

const conversationOf = (key: unknown): string | undefined =>
  key === undefined ? undefined : /^bubbleId:(.*):[^:]*$/s.exec(String(key))?.[1];

function* readConversation(
  database: OpenDatabase,
  { id, numbering }: { readonly id: string; readonly numbering: Numbering },
): Records {
  const conversation: Conversation = { id, state: 'keys', number: numbering.of('keys', id) };
  const row = first(
    database,
    `select
        json_valid(v) as is_valid,
        case when json_valid(v) then ${HEADER} end as header,
        case when json_valid(v) then json_extract(v, '$.fullConversationHeadersOnly') end as places,
        case when json_valid(v) then cast(json_extract(v, '$.lastUpdatedAt') as text) end as updated,
        case when json_valid(v) then coalesce(json_type(v, '$.conversation[0]'), json_type(v, '$.conversationMap')) end as inner_type,
        length(v) as size
      from (select cast(value as text) as v from cursorDiskKV where key = ?)`,
    [`composerData:${id}`],
  );
  if (row !== undefined && row.is_valid !== 1 && Number(row.size ?? 0) > 0) {
    yield { lineNo: conversation.number * PLACES, reason: 'not JSON', sizeBytes: Number(row.size) };
  }
  const places = placesOf(row?.places);
  let last = places.size;
  let messageCount = 0;
  const place = (messageId: string): number => places.get(messageId) ?? ++last;
  if (row?.inner_type === 'object') {
    for (const { bubble, bubble_id: bubbleId } of database.rows(
      `select b.value as bubble, json_extract(b.value, '$.bubbleId') as bubble_id
      from cursorDiskKV as k, json_each(cast(k.value as text), '$.conversation') as b
      where k.key = ?1 and b.type = 'object'
      union all
      select b.value, b.key
      from cursorDiskKV as k, json_each(cast(k.value as text), '$.conversationMap') as b
      where k.key = ?1 and b.type = 'object'`,
      [`composerData:${id}`],
    )) {
      messageCount += 1;
      yield messageRecord(conversation, {
        place: place(String(bubbleId)),
        id: String(bubbleId),
        value: bubble,
      });
    }
  }
  for (const { key, value } of database.rows(
    'select key, value from cursorDiskKV where key >= ? and key < ? order by key',
    [`bubbleId:${id}:`, `bubbleId:${id};`],
  )) {
    if (sizeOf(value) === 0) continue;
    messageCount += 1;
    const messageId = String(key).slice(`bubbleId:${id}:`.length);
    yield messageRecord(conversation, { place: place(messageId), id: messageId, value });
  }
  yield conversationRecord(conversation, { value: row?.header, messageCount });
  numbering.setUpdated(conversation.id, row?.updated == null ? null : String(row.updated));
}

/** The order of a conversation's messages stands in the conversation alone. */
function placesOf(headers: unknown): ReadonlyMap<string, number> {
  const parsed: unknown = typeof headers === 'string' ? JSON.parse(headers) : [];
  const list: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
  return new Map(
    list.flatMap((header, index) =>
      isRecord(header) && typeof header.bubbleId === 'string' ? [[header.bubbleId, index + 1] as const] : [],
    ),
  );
}

/** The three items that hold conversations, each read again as a whole when it was written again. */
function* readItems(database: OpenDatabase, numbering: Numbering): Records {
  for (const key of [...LISTS, CHATS]) {
    const row = first(
      database,
      `select rowid || ' ' || length(value) as stamp, length(value) as size, json_valid(cast(value as text)) as is_valid
      from ItemTable where key = ?`,
      [key],
    );
    if (row?.stamp == null || numbering.isKnownItem(key, String(row.stamp))) continue;
    if (row.is_valid === 1) {
      if (key === CHATS) yield* readInner(database, { key, numbering, ...CHAT_SHAPE });
      else yield* readInner(database, { key, numbering, ...LIST_SHAPE });
    } else if (Number(row.size) > 0) {
      yield {
        lineNo: [...LISTS, CHATS].indexOf(key) + 1,
        reason: `${key} is not JSON`,
        sizeBytes: Number(row.size),
      };
    }
    numbering.setItem(key, String(row.stamp));
  }
}

interface InnerShape {
  readonly state: ConversationState;
  readonly list: string;
  readonly id: string;
  readonly messages: string;
  readonly header: string;
}

const LIST_SHAPE: InnerShape = {
  state: 'list',
  list: '$.allComposers',
  id: '$.composerId',
  messages: '$.conversation',
  header: HEADER,
};
const CHAT_SHAPE: InnerShape = {
  state: 'tab',
  list: '$.tabs',
  id: '$.tabId',
  messages: '$.bubbles',
  header: "json_object('lastUpdatedAt', json_extract(v, '$.lastSendTime'))",
};

function* readInner(
  database: OpenDatabase,
  shape: InnerShape & { readonly key: string; readonly numbering: Numbering },
): Records {
  const { key, numbering, state, list, id: idPath, messages, header } = shape;
  const counts = new Map<string, number>();
  const conversation = (id: unknown): Conversation => ({
    id: String(id),
    state,
    number: numbering.of(state, String(id)),
  });
  for (const { id, bubble } of database.rows(
    `select json_extract(c.value, '${idPath}') as id, b.value as bubble
    from (${ITEM}) as i, json_each(i.v, '${list}') as c, json_each(c.value, '${messages}') as b
    where c.type = 'object' and b.type = 'object'`,
    [key],
  )) {
    if (typeof id !== 'string') continue;
    const place = (counts.get(id) ?? 0) + 1;
    counts.set(id, place);
    yield messageRecord(conversation(id), { place, value: bubble });
  }
  for (const { id, value } of database.rows(
    `select id, ${header} as value
    from (
      select c.value as v, json_extract(c.value, '${idPath}') as id
      from (${ITEM}) as i, json_each(i.v, '${list}') as c
      where c.type = 'object'
    )`,
    [key],
  )) {
    if (typeof id !== 'string') continue;
    yield conversationRecord(conversation(id), { value, messageCount: counts.get(id) ?? 0 });
  }
}

function first(database: OpenDatabase, sql: string, params: readonly string[] = []): SqlRow | undefined {
  const [row] = [...database.rows(sql, params)];
  return row;
}
