/** A process that has a database open and does what it is told: `{ path }` opens, `{ sql }` executes or answers, `{ die }` ends without closing. */
import { createRequire } from 'node:module';

const Database = createRequire(import.meta.url)('libsql');
let database;

process.on('message', ({ path, sql, die }) => {
  if (die) process.kill(process.pid, 'SIGKILL');
  try {
    if (path) database = new Database(path);
    process.send({ rows: sql ? answer(sql) : [] });
  } catch (error) {
    process.send({ error: error.message });
  }
});

function answer(sql) {
  if (/^(select|pragma)/.test(sql)) {
    const statement = database.prepare(sql);
    if (statement.reader) return statement.raw().all();
  }
  database.exec(sql);
  return [];
}
