/** A public view as people and programs are told of it. */
export interface ViewDescription {
  readonly name: string;
  /** Goes up when the meaning of the view changes. */
  readonly version: number;
  /** The release that brought it. */
  readonly since: string;
  /** Columns that together name a row. */
  readonly grain: readonly string[];
  /** One sentence. */
  readonly title: string;
  /** More sentences, in paragraphs; may be empty. */
  readonly description: string;
  readonly columns: readonly ColumnDescription[];
  /** Statements that run as they stand. */
  readonly examples: readonly string[];
}

export interface ColumnDescription {
  readonly name: string;
  /** DuckDB's name of the type. */
  readonly type: string;
  /** What the values measure, in words; null: nothing. */
  readonly unit: string | null;
  readonly description: string;
}
