import type { ReadRecord, ReadSource, SourceToRead } from '../../src/model/reader.ts';
import { type ChatLine, type ChatUsage, readChatLine } from './chat-line.ts';
import { resume, toMark, withoutStale } from './resume.ts';
import { localInstant, sessionKey } from './session-key.ts';
import { type TextLine, textLines } from './text-lines.ts';

/**
 * The sessions of a chat history: a record for each prompt, answer, usage report, edit, commit, command and error, on the first
 * line of it. Goes on from the header of the last session, which is read again since it may have grown.
 */
export const readChatHistory: ReadSource = function* read(source) {
  const resumed = resume(source.path, source.mark);
  return yield* withoutStale(readSessions(source, resumed), resumed.staleLineCount);
};

/** The header of a session, and what tells it from another of the same second. */
interface Header {
  readonly startText: string;
  /** Among headers of the same second that follow each other. */
  readonly ordinal: number;
}

interface Session extends Header {
  readonly key: string;
  readonly lineNo: number;
  callCount: number;
  model: string | undefined;
}

const NO_HEADER: Header = { startText: '', ordinal: 0 };

function* readSessions(
  { path }: SourceToRead,
  { start, state }: ReturnType<typeof resume>,
): Generator<ReadRecord, string> {
  const before = state as Header | undefined;
  let header = before ?? NO_HEADER;
  let from: Pick<TextLine, 'offset' | 'lineNo' | 'sizeBytes'> = { ...start, sizeBytes: 0 };
  let lineCount = start.lineNo;
  let banner: Banner | undefined;
  let session: Session | undefined;
  let exchange = createExchange();

  for (const line of textLines(path, start)) {
    lineCount = line.lineNo;
    const said = readChatLine(line.text);
    if (banner && !isBanner(said)) {
      session = sessionOf(banner);
      yield sessionRecord(session, banner);
      banner = undefined;
    }
    if (said.kind === 'start') {
      yield* exchange.end();
      exchange = createExchange();
      // A session that is read again has the ordinal it had.
      const isAgain = before !== undefined && line.offset === start.offset;
      header = isAgain ? before : nextHeader(header, said.text);
      const { offset, lineNo, sizeBytes } = line;
      // What stands before the first header has lost its own, and goes with the first session.
      from =
        session === undefined && before === undefined
          ? { offset: 0, lineNo: 1, sizeBytes: 0 }
          : { offset, lineNo, sizeBytes };
      banner = { header, lineNo: line.lineNo, words: [], version: undefined, model: undefined };
      continue;
    }
    if (banner) {
      tellBanner(banner, said, line.text);
      continue;
    }
    if (said.kind === 'blank' && session === undefined) continue;
    session ??= firstSession(path);
    yield* exchange.take({ said, line, session });
  }
  if (banner) {
    session = sessionOf(banner);
    yield sessionRecord(session, banner);
  }
  yield* exchange.end();
  const mark = { offset: from.offset, lineNo: from.offset === 0 ? 0 : from.lineNo - 1 };
  return toMark(path, {
    ...mark,
    lineCount,
    anchorBytes: from.sizeBytes,
    state: mark.offset === 0 ? undefined : header,
  });
}

const nextHeader = (last: Header, startText: string): Header => ({
  startText,
  ordinal: last.startText === startText ? last.ordinal + 1 : 0,
});

/** What aider prints before the first prompt of a session. */
interface Banner {
  readonly header: Header;
  readonly lineNo: number;
  readonly words: string[];
  version: string | undefined;
  model: string | undefined;
}

const LONGEST_BANNER = 12;

const isBanner = ({ kind }: ChatLine): boolean =>
  kind === 'version' || kind === 'model' || kind === 'note' || kind === 'blank';

function tellBanner(banner: Banner, said: ChatLine, text: string): void {
  if (said.kind === 'version') banner.version = said.version;
  if (said.kind === 'model') banner.model ??= said.model;
  if (said.kind !== 'blank' && banner.words.length < LONGEST_BANNER) banner.words.push(text.trim());
}

function sessionOf({ header, words, lineNo, model }: Banner): Session {
  const key = sessionKey(header.startText, header.ordinal, ...words);
  return { ...header, key, lineNo, model, callCount: 0 };
}

function sessionRecord(session: Session, { version }: Banner): ReadRecord {
  const { key, lineNo, startText } = session;
  const at = localInstant(startText);
  return { lineNo, json: JSON.stringify({ type: 'session', session: key, at, version, n: 0 }) };
}

/** The session to which lines belong that stand before any header: the first that has one, else one of its own. */
function firstSession(path: string): Session {
  const words: string[] = [];
  let banner: Banner | undefined;
  for (const { text, lineNo } of textLines(path)) {
    const said = readChatLine(text);
    if (banner) {
      if (!isBanner(said)) break;
      tellBanner(banner, said, text);
    } else if (said.kind === 'start') {
      const header = { startText: said.text, ordinal: 0 };
      banner = { header, lineNo, words: [], version: undefined, model: undefined };
    } else if (said.kind !== 'blank' && words.length < LONGEST_BANNER) words.push(text.trim());
  }
  banner ??= { header: NO_HEADER, lineNo: 0, words, version: undefined, model: undefined };
  return { ...sessionOf(banner), model: undefined };
}

interface Said {
  readonly said: ChatLine;
  readonly line: TextLine;
  readonly session: Session;
}

/** What is told by several lines in a row, until the line that ends it. */
interface Open {
  readonly lineNo: number;
  readonly record: Record<string, unknown>;
}

/** Puts lines together into records. */
interface Exchange {
  readonly take: (said: Said) => Generator<ReadRecord, void>;
  readonly end: () => Generator<ReadRecord, void>;
}

const NEAR_LINES = 6;

function createExchange(): Exchange {
  let text: Open | undefined; // a prompt or an answer
  let usage: Open | undefined;
  let failedEdit: Open | undefined;
  let error: Open | undefined;

  function* flush(open: Open | undefined): Generator<ReadRecord, void> {
    if (open) yield { lineNo: open.lineNo, json: JSON.stringify(open.record) };
  }
  const opened = ({ line, session }: Said, facts: Record<string, unknown>): Open => ({
    lineNo: line.lineNo,
    record: { session: session.key, n: line.lineNo - session.lineNo, ...facts },
  });

  function* endText(kind: ChatLine['kind']): Generator<ReadRecord, void> {
    if (text === undefined || kind === 'blank') return;
    if (text.record.type === 'answer' && kind === 'answer') return;
    yield* flush(text);
    text = undefined;
  }

  function* take(input: Said): Generator<ReadRecord, void> {
    const { said, line, session } = input;
    if (text?.record.type === 'prompt' && said.kind !== 'prompt') {
      yield* flush(text);
      text = undefined;
    }
    if (said.kind === 'prompt' && text?.record.type === 'prompt') {
      addBytes(text, said.text);
      return;
    }
    yield* endText(said.kind);
    if (usage && said.kind === 'cost') usage.record.cost = said.costUsd;
    yield* flush(usage);
    usage = undefined;
    if (error && said.kind !== 'retry' && line.lineNo - error.lineNo > NEAR_LINES) {
      yield* flush(error);
      error = undefined;
    }
    switch (said.kind) {
      case 'prompt': {
        yield* end();
        text = opened(input, { type: 'prompt', bytes: Buffer.byteLength(said.text) });
        return;
      }
      case 'answer': {
        if (text) addBytes(text, line.text);
        else text = opened(input, { type: 'answer', bytes: line.sizeBytes });
        return;
      }
      case 'usage': {
        session.callCount += 1;
        usage = opened(input, { type: 'usage', ...usageFacts(said.usage, session) });
        return;
      }
      case 'model': {
        session.model = said.model;
        return;
      }
      case 'edit': {
        const { path, isDryRun } = said;
        yield* flush(
          opened(input, {
            type: 'edit',
            call: session.callCount,
            path,
            status: isDryRun ? 'rejected' : 'ok',
          }),
        );
        return;
      }
      case 'edit failed': {
        if (said.isCount && failedEdit) failedEdit.record.error = said.text;
        else {
          yield* flush(failedEdit);
          failedEdit = opened(input, {
            type: 'edit',
            call: session.callCount,
            status: 'failed',
            error: said.text,
          });
        }
        return;
      }
      case 'failed path': {
        if (failedEdit) failedEdit.record.path ??= said.path;
        return;
      }
      case 'commit': {
        const bytes = Buffer.byteLength(said.message);
        yield* flush(opened(input, { type: 'commit', call: session.callCount, bytes, status: 'ok' }));
        return;
      }
      case 'shell': {
        yield* flush(opened(input, { type: 'shell', call: session.callCount, command: said.command }));
        return;
      }
      case 'api error': {
        // One failure is told by several lines: the provider's words, then aider's.
        if (error === undefined)
          error = opened(input, { type: 'error', code: said.code, error: said.text, isFinal: true });
        return;
      }
      case 'retry': {
        error ??= opened(input, { type: 'error' });
        yield* flush({ ...error, record: { ...error.record, wait: said.waitMs, isFinal: false } });
        error = undefined;
        return;
      }
      default:
        return;
    }
  }

  function* end(): Generator<ReadRecord, void> {
    for (const open of [text, usage, failedEdit, error]) yield* flush(open);
    text = undefined;
    usage = undefined;
    failedEdit = undefined;
    error = undefined;
  }

  return { take, end };
}

function addBytes(open: Open, text: string): void {
  open.record.bytes = Number(open.record.bytes) + Buffer.byteLength(text) + 1;
}

function usageFacts(usage: ChatUsage, { startText, model, callCount }: Session): Record<string, unknown> {
  const { sent, cacheWrite, cacheHit, received, costUsd, slack } = usage;
  const cached = (cacheWrite ?? 0) + (cacheHit ?? 0);
  return {
    at: localInstant(startText),
    model,
    call: callCount,
    sent,
    written: cacheWrite,
    cached,
    hit: cacheHit,
    received,
    cost: costUsd,
    // What was cached cannot be more than what holds it.
    isExclusive: cached > sent + slack,
  };
}
