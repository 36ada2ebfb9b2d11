/** A SQLite database that is written in one transaction. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';

export function createDatabase(path, schema) {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.exec(`pragma journal_mode = off; pragma synchronous = off; begin; ${schema}`);
  const statements = new Map();
  let bytes = 0;
  return {
    /** Adds a row of the columns that are named; the rest is left to the table. */
    insert: (table, row) => {
      const names = Object.keys(row);
      const key = `${table} ${names}`;
      if (!statements.has(key)) {
        const places = names.map(() => '?').join(', ');
        statements.set(key, database.prepare(`insert into ${table} (${names}) values (${places})`));
      }
      const values = Object.values(row);
      statements.get(key).run(...values);
      bytes += values.reduce((sum, value) => sum + (value?.length ?? 8), 0);
    },
    /** About how much there is. */
    bytes: () => bytes,
    close: () => {
      database.exec('commit');
      database.close();
    },
  };
}
