#!/usr/bin/env node
// The program's first lines: they choose the size of libuv's pool before it exists, and spare V8 the compiling of the rest.
//
// Statements run in the pool one at a time, and each of its threads would keep memory of its own.
process.env.UV_THREADPOOL_SIZE ??= '1';

const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

// A function, of ASCII characters. The build puts its file's name in, which changes with the content.
const file = `${__dirname}/program.cjs`;
const keptFile = `${file}.${process.version}-${process.arch}`;

function readKept() {
  try {
    return readFileSync(keptFile);
  } catch {
    return undefined;
  }
}

const cachedData = readKept();
const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData });
// V8 refuses what another V8 made, or this one with other flags.
const isKept = cachedData !== undefined && script.cachedDataRejected === false;

/** Keeps what is compiled by now. Where the program's folder cannot be written, every start compiles. */
function keepCode() {
  if (isKept) return;
  const draft = `${keptFile}.${process.pid}`;
  try {
    writeFileSync(draft, script.createCachedData());
    renameSync(draft, keptFile);
  } catch {
    rmSync(draft, { force: true });
  }
}

const program = { exports: {} };
script.runInThisContext()(program.exports, require, program, file, __dirname);
program.exports.main(keepCode);
