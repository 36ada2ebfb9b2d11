/**
 * A scan of JSON documents in pieces of any size, one after another, that checks brackets, strings, commas and colons, and
 * stops only at what happens directly in the container at depth `watch`. Everything below it is passed over in one tight loop.
 *
 * Words and numbers are passed over unread. Line breaks between tokens are turned into spaces in the bytes themselves.
 */
export interface JsonScan {
  /** The piece: set by the caller together with `at` = 0 and `end`, after NEEDS_BYTES. */
  bytes: Uint8Array;
  /** The next byte to be read. After FAILED the byte that was not expected. */
  at: number;
  end: number;
  /** Open containers. */
  depth: number;
  /** At most `depth`. The caller may set it at any stop. */
  watch: number;
  /** Line breaks so far. */
  lineBreaks: number;
  state: number;
  /** Of each open container, from depth 1. */
  readonly kinds: Uint8Array;
  /** Why it failed. */
  reason: string;
}

/**
 * What a scan stopped at.
 *
 * - `VALUE_BEGINS` the first byte of a value in the watched container has been read. Of a container that makes `depth` one more.
 * - `VALUE_ENDS`   its last byte has been read.
 * - `KEY_BEGINS`, `KEY_ENDS` the opening, the closing quotation mark of a key has been read.
 * - `CLOSED`       the closing bracket of the watched container has been read; it is no longer among `depth`. No
 *                  `VALUE_ENDS` follows for it.
 */
export const NEEDS_BYTES = 0;
export const VALUE_BEGINS = 1;
export const VALUE_ENDS = 2;
export const KEY_BEGINS = 3;
export const KEY_ENDS = 4;
export const CLOSED = 5;
export const FAILED = 6;
export type ScanStop = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const DEEPEST = 10_000;

// What the scan is in or expects. The order matters: from IN_STRING on, it is within a token.
const BETWEEN_DOCUMENTS = 0;
const VALUE = 1;
const FIRST_VALUE = 2;
const KEY = 3;
const FIRST_KEY = 4;
const COLON = 5;
const COMMA = 6;
const BYTE_ORDER_MARK_2 = 7;
const BYTE_ORDER_MARK_3 = 8;
const IN_STRING = 9;
const IN_KEY = 10;
const IN_STRING_ESCAPED = 11;
const IN_KEY_ESCAPED = 12;
const IN_BARE = 13;

const OBJECT = 1;
const ARRAY = 2;

// Classes of bytes between tokens; 0 is what cannot stand there.
const SPACE = 1;
const LINE_BREAK = 2;
const QUOTE = 3;
const OPEN = 4;
const CLOSE = 5;
const PUNCTUATION = 6;
const BARE = 7;

const CLASS = new Uint8Array(256);
for (const [kind, bytes] of [
  [SPACE, ' \t'],
  [LINE_BREAK, '\r\n'],
  [QUOTE, '"'],
  [OPEN, '{['],
  [CLOSE, '}]'],
  [PUNCTUATION, ',:'],
  [BARE, '+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'],
] as const)
  for (const byte of Buffer.from(bytes)) CLASS[byte] = kind;

/** What ends the run of plain bytes in a string. */
const IS_SPECIAL = new Uint8Array(256);
for (const byte of Buffer.from('"\\\r\n')) IS_SPECIAL[byte] = 1;

export function createJsonScan(): JsonScan {
  return {
    bytes: new Uint8Array(0),
    at: 0,
    end: 0,
    depth: 0,
    watch: 0,
    lineBreaks: 0,
    state: BETWEEN_DOCUMENTS,
    kinds: new Uint8Array(DEEPEST + 1),
    reason: '',
  };
}

/** Has the last document been closed, or none begun? */
export const isBetweenDocuments = (scan: JsonScan): boolean => scan.state === BETWEEN_DOCUMENTS;

/** Reads on to the next stop. After FAILED it must not be called again. */
export function scanOn(scan: JsonScan): ScanStop {
  const { bytes, end, kinds, watch } = scan;
  let { at, depth, state, lineBreaks } = scan;
  let stop: ScanStop = NEEDS_BYTES;
  let reason = '';

  while (at < end) {
    if (state >= IN_STRING) {
      if (state === IN_BARE) {
        while (at < end && CLASS[bytes[at] as number] === BARE) at++;
        if (at === end) break;
        state = COMMA;
        if (depth !== watch) continue;
        stop = VALUE_ENDS;
        break;
      }
      let byte = bytes[at] as number;
      if (state >= IN_STRING_ESCAPED) {
        if (byte === 10 || byte === 13) {
          reason = 'line break in a string';
          break;
        }
        state = state === IN_KEY_ESCAPED ? IN_KEY : IN_STRING;
        at++;
        continue;
      }
      while (IS_SPECIAL[byte] === 0 && ++at < end) byte = bytes[at] as number;
      if (at === end) break;
      if (byte === 92) {
        state = state === IN_KEY ? IN_KEY_ESCAPED : IN_STRING_ESCAPED;
        at++;
        continue;
      }
      if (byte !== 34) {
        reason = 'line break in a string';
        break;
      }
      at++;
      const isKey = state === IN_KEY;
      state = isKey ? COLON : COMMA;
      if (depth !== watch) continue;
      stop = isKey ? KEY_ENDS : VALUE_ENDS;
      break;
    }

    const byte = bytes[at] as number;
    const kind = CLASS[byte];
    if (kind === SPACE) at++;
    else if (kind === PUNCTUATION) {
      if (byte === 44 && state === COMMA) state = kinds[depth] === ARRAY ? VALUE : KEY;
      else if (byte === 58 && state === COLON) state = VALUE;
      else {
        reason = 'unexpected character';
        break;
      }
      at++;
    } else if (kind === QUOTE) {
      const isKey = state === KEY || state === FIRST_KEY;
      if (!isKey && state !== VALUE && state !== FIRST_VALUE) {
        reason = 'unexpected character';
        break;
      }
      at++;
      state = isKey ? IN_KEY : IN_STRING;
      if (depth !== watch) continue;
      stop = isKey ? KEY_BEGINS : VALUE_BEGINS;
      break;
    } else if (kind === OPEN) {
      if (state > FIRST_VALUE) {
        reason = 'unexpected character';
        break;
      }
      if (depth === DEEPEST) {
        reason = 'nested too deeply';
        break;
      }
      at++;
      const isWatched = depth === watch;
      depth++;
      kinds[depth] = byte === 123 ? OBJECT : ARRAY;
      state = byte === 123 ? FIRST_KEY : FIRST_VALUE;
      if (!isWatched) continue;
      stop = VALUE_BEGINS;
      break;
    } else if (kind === CLOSE) {
      const isObject = byte === 125;
      if (
        kinds[depth] !== (isObject ? OBJECT : ARRAY) ||
        (state !== COMMA && state !== (isObject ? FIRST_KEY : FIRST_VALUE))
      ) {
        reason = 'unexpected character';
        break;
      }
      at++;
      const isWatched = depth === watch;
      depth--;
      state = depth === 0 ? BETWEEN_DOCUMENTS : COMMA;
      if (isWatched) stop = CLOSED;
      else if (depth === watch) stop = VALUE_ENDS;
      else continue;
      break;
    } else if (kind === BARE) {
      if (state !== VALUE && state !== FIRST_VALUE) {
        reason = 'unexpected character';
        break;
      }
      at++;
      state = IN_BARE;
      if (depth !== watch) continue;
      stop = VALUE_BEGINS;
      break;
    } else if (kind === LINE_BREAK) {
      if (byte === 10) lineBreaks++;
      bytes[at++] = 32;
    } else {
      if (state === BETWEEN_DOCUMENTS && byte === 0xef) state = BYTE_ORDER_MARK_2;
      else if (state === BYTE_ORDER_MARK_2 && byte === 0xbb) state = BYTE_ORDER_MARK_3;
      else if (state === BYTE_ORDER_MARK_3 && byte === 0xbf) state = BETWEEN_DOCUMENTS;
      else {
        reason = 'unexpected character';
        break;
      }
      at++;
    }
  }

  scan.at = at;
  scan.depth = depth;
  scan.state = state;
  scan.lineBreaks = lineBreaks;
  scan.reason = reason;
  return reason === '' ? stop : FAILED;
}
