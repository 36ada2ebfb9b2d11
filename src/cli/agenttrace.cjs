#!/usr/bin/env node
// The program's first lines: they choose the size of libuv's pool before it exists, and spare V8 the compiling of the rest.
//
// Statements run in the pool one at a time, and each of its threads would keep memory of its own.
process.env.UV_THREADPOOL_SIZE ??= '1';

const { createHash } = require('node:crypto');
const { readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

const kept = `${process.version}-${process.arch}`;
const parts = new Map();

/** Loads a part of the program, a function of ASCII characters as Node makes one of a module; anything else as ever. */
function load(name) {
  if (!name.startsWith('./')) return require(name);
  const known = parts.get(name);
  if (known !== undefined) return known.module.exports;
  const file = __dirname + name.slice(1);
  const { script, keptWay } = compile(file);
  const module = { exports: {} };
  parts.set(name, { file, module, script, keptWay });
  script.runInThisContext()(module.exports, load, module, file, __dirname);
  return module.exports;
}

/** With what was compiled on the shortest way to an answer, or else on another: V8 refuses what it made with other flags. */
function compile(file) {
  const text = readFileSync(file, 'latin1');
  for (const keptWay of ['short', 'long']) {
    const cachedData = readKept(`${file}.${kept}-${keptWay}`);
    if (cachedData === undefined) continue;
    const script = new Script(text, { filename: file, cachedData });
    if (!script.cachedDataRejected) return { script, keptWay };
  }
  return { script: new Script(text, { filename: file }) };
}

/** What was kept as it was: V8 would run damaged code, and die of it. */
function readKept(path) {
  try {
    const bytes = readFileSync(path);
    const code = bytes.subarray(SUM_BYTES);
    return sumOf(code).equals(bytes.subarray(0, SUM_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

const SUM_BYTES = 32;
const sumOf = (code) => createHash('sha256').update(code).digest();

/** Keeps what is compiled by now of each part. Where the program's folder cannot be written, every start compiles. */
function keepCode(way) {
  for (const { file, script, keptWay } of parts.values()) {
    if (keptWay === 'short' || keptWay === way) continue;
    const draft = `${file}.${kept}.${process.pid}`;
    try {
      const code = script.createCachedData();
      writeFileSync(draft, Buffer.concat([sumOf(code), code]));
      renameSync(draft, `${file}.${kept}-${way}`);
    } catch {
      rmSync(draft, { force: true });
    }
  }
}

// The build puts the file's name in, which changes with its content.
load('./program.cjs').main(keepCode);
