/**
 * What an adapter wants cut out of a JSON Lines log: tables and columns, each named by a path.
 *
 * The projector reads a plan and knows no agent; an adapter declares one and knows no bytes.
 */

/**
 * What is taken from a value, and the columns that this yields in the staged table.
 *
 * - `text`     decoded string, cut to `limit` characters (default 1,024). One VARCHAR `<name>`.
 * - `integer`  a whole number within BIGINT, written in any way JSON allows (`1e3` is 1000). One BIGINT.
 * - `decimal`  a number to nine places, DECIMAL(18,9). One column.
 * - `boolean`  one BOOLEAN.
 * - `timestamp` an ISO 8601 string, or a number of milliseconds since 1970. One TIMESTAMPTZ (UTC, microseconds).
 * - `uuid`     16 bytes: a string in the form 8-4-4-4-12, any other string by its 128-bit hash. One UUID.
 * - `kind`     which JSON type stands there: 1 string, 2 array, 3 object, 4 number, 5 boolean. One BIGINT.
 * - `digest`   of a string: length in bytes of its UTF-8, 64-bit hash of its decoded bytes, a preview of its first
 *              `limit` characters (default 80) and, with `tail`, its last `tail` characters. Of an object or array:
 *              the same over its raw JSON text. Columns `<name>_bytes` BIGINT, `<name>_hash` UBIGINT,
 *              `<name>_preview` VARCHAR and with `tail` `<name>_tail` VARCHAR. A node may be a digest and
 *              have columns below it as well.
 *              With `hashed` the hash is over a part of it: what stands between two marks.
 * - `size`     of a string: its length in UTF-8 bytes; NULL for any other type. One BIGINT `<name>_bytes`.
 * - `lines`    of a string: how many lines it has. Column `<name>_count` BIGINT.
 * - `diff`     of a string holding a unified diff: lines that begin with `+` (not `+++`) and `-` (not `---`).
 *              Columns `<name>_added_count`, `<name>_removed_count` BIGINT.
 *
 * A value of another type than the column's is NULL there; the row stays. Several columns may share one path
 * (a `text` and a `size` of the same string, say).
 */
export type ColumnKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'timestamp'
  | 'uuid'
  | 'kind'
  | 'digest'
  | 'size'
  | 'lines'
  | 'diff';

/**
 * Which part of a digest's text is hashed, so that texts differing in a frame alone have one hash: the frame is ASCII, and told by
 * marks, written here as decoded text and sought as JSON writes them.
 */
export interface HashedPart {
  /** The hash begins behind the first of these within the first 512 bytes; without one there, at the start. */
  readonly after?: string;
  /** It ends before the last of these within the last 512 bytes; without one there, at the end. */
  readonly before?: string;
}

export interface PlanColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Keys from the table's root, joined by dots; `''` is the element itself (arrays of strings); `'$key'` the key of an entry. */
  readonly path: string;
  readonly limit?: number;
  readonly tail?: number;
  /** Of a digest. */
  readonly hashed?: HashedPart;
}

/**
 * A table of the plan. The first table of a plan has no `at`: one row per record (line).
 * The others have one row per element of the array, or per entry of the object, found at `at`, a path from the
 * record's root in which `[]` steps into array elements and `{}` into object entries:
 * `message.content[]`, `toolUseResult.structuredPatch[].lines[]`, `payload.changes{}`.
 */
export interface PlanTable {
  readonly name: string;
  readonly at?: string;
  readonly columns: readonly PlanColumn[];
}

/**
 * Staged rows carry, before the declared columns: `source_no` INTEGER, `line_no` INTEGER (from 1),
 * `item_no` INTEGER: for the record table the ordinal of the record among those on its line (0, unless a line
 * holds several), for element tables that ordinal × 65,536 + the ordinal of the element within its line and table.
 */
export interface Plan {
  readonly name: string;
  readonly tables: readonly PlanTable[];
}
