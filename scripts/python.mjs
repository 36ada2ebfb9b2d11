// Makes a virtual environment of Python for the tests, in the user's cache folder, and prints where its Python is.
//
//   npm run python
//
// It is made anew when test/python/requirements.txt changes. PYTHON names the Python to make it from; else python3.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const requirements = fileURLToPath(new URL('../test/python/requirements.txt', import.meta.url));
const isWindows = process.platform === 'win32';
const pythonIn = (folder) => join(folder, isWindows ? 'Scripts/python.exe' : 'bin/python');

function environmentFolder() {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  return join(caches, 'agenttrace', `python-${version}`);
}

/** The Python of the environment that fits the requirements; undefined where it was not made. */
export function findMadePython() {
  const python = pythonIn(environmentFolder());
  return existsSync(python) ? python : undefined;
}

/** Makes the environment aside and moves it into place, so that it is there as a whole or not at all. */
function makePython() {
  const folder = environmentFolder();
  const draft = `${folder}.${process.pid}.new`;
  mkdirSync(dirname(folder), { recursive: true });
  const run = (program, words) => execFileSync(program, words, { stdio: ['ignore', 2, 2] });
  try {
    run(process.env.PYTHON || (isWindows ? 'python' : 'python3'), ['-m', 'venv', draft]);
    const quietly = ['--quiet', '--disable-pip-version-check', '--no-input'];
    run(pythonIn(draft), ['-m', 'pip', 'install', ...quietly, '--only-binary=:all:', '-r', requirements]);
    if (findMadePython() === undefined) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return pythonIn(folder);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(findMadePython() ?? makePython());
