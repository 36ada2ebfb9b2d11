#!/usr/bin/env node
// The program's first lines. Statements run in libuv's pool one at a time, and each of its threads would keep memory of
// its own. The pool's size is read when its first task comes, which with a module is before any line of it has run.
process.env.UV_THREADPOOL_SIZE ??= '1';
// Where Node can, what it compiled is kept for the next run.
require('node:module').enableCompileCache?.();
import('./agenttrace.mjs');
