/** Invented secrets of the common kinds, put together here so that no scanner takes the source for a leak. */

export interface Planted {
  readonly kind: string;
  /** What must not be found anywhere. */
  readonly secret: string;
  /** The secret as it would stand in a text. */
  readonly text: string;
}

const LETTERS = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zAfCqDwFeGr';
const HEX = '7c1e93ab50d24f68b9e0a1c3d5f7092b4d6e8fa1c2b3d4e5';

/** So many letters and digits, other ones for each kind. */
function some(length: number, kind: number, from: string = LETTERS): string {
  return Array.from({ length }, (_, at) => from[(at * 7 + kind * 5 + ((at * at) % 11)) % from.length]).join(
    '',
  );
}

const upper = (length: number, kind: number): string =>
  some(length, kind, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const hex = (length: number, kind: number): string => some(length, kind, HEX);
const join = (...pieces: readonly string[]): string => pieces.join('');

/** A key that is found by its own form, alone in a text. */
const KEYS: Readonly<Record<string, string>> = {
  anthropic: join('sk-', 'ant-', 'api03-', some(93, 1), 'AA'),
  'anthropic login': join('sk-', 'ant-', 'oat01-', some(80, 2)),
  'openai project': join('sk-', 'proj-', some(74, 3), 'T3Blbk', 'FJ', some(74, 4)),
  openai: join('sk-', some(20, 5), 'T3Blbk', 'FJ', some(20, 6)),
  github: join('gh', 'p_', some(36, 7)),
  'github app': join('gh', 's_', some(36, 8)),
  'github fine-grained': join('github', '_pat_', some(82, 9)),
  gitlab: join('gl', 'pat-', some(20, 10)),
  'aws id': join('AK', 'IA', upper(16, 11)),
  'slack bot': join('xo', 'xb-', '123456789012-1234567890123-', some(24, 12)),
  'slack user': join('xo', 'xp-', '123456789012-123456789012-123456789012-', hex(32, 13)),
  google: join('AI', 'za', some(35, 14)),
  'google login': join('ya', '29.', some(60, 15)),
  npm: join('np', 'm_', some(36, 16)),
  pypi: join('py', 'pi-', 'AgEIcHlwaS5vcmc', some(70, 17)),
  jwt: join('ey', 'JhbGciOiJIUzI1NiJ9', '.ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.', some(43, 18)),
  stripe: join('sk', '_live_', some(24, 19)),
  'hugging face': join('h', 'f_', some(34, 20, 'abcdefghijklmnopqrstuvwxyzABCDEFGH')),
  sendgrid: join('S', 'G.', some(22, 21), '.', some(43, 22)),
  digitalocean: join('do', 'p_v1_', hex(64, 23)),
  shopify: join('shp', 'at_', hex(32, 24)),
  twilio: join('S', 'K', hex(32, 25)),
  databricks: join('da', 'pi', hex(32, 26)),
  linear: join('lin', '_api_', some(40, 27)),
  'age key': join('AGE-SECRET', '-KEY-1', some(58, 28, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')),
  atlassian: join('ATA', 'TT3', some(186, 29)),
  postman: join('PM', 'AK-', hex(24, 30), '-', hex(34, 31)),
  'private key': join(
    '-----BEGIN ',
    'RSA PRIVATE KEY-----',
    'MII',
    some(90, 32),
    '-----END ',
    'RSA PRIVATE KEY-----',
  ),
};

/** What is found by where it stands. */
const PLACES: Readonly<Record<string, (secret: string) => string>> = {
  'aws secret': (secret) => `aws_secret_access_key = ${secret}`,
  'bearer header': (secret) => `curl -H "Authorization: Bearer ${secret}"`,
  'basic header': (secret) => `'Authorization: Basic ${secret}='`,
  'key header': (secret) => `-H 'X-Api-Key: ${secret}'`,
  cookie: (secret) => `-H "Cookie: session=${secret}"`,
  'password of a URL': (secret) => `postgres://app:${secret}@db.internal:5432/app`,
  'user of a URL': (secret) => `git clone https://${secret}@git.internal/team/repo.git`,
  'redis URL': (secret) => `redis://:${secret}@cache:6379/0`,
  'password=': (secret) => `password=${secret}`,
  'password variable': (secret) => `PGPASSWORD=${secret} psql -h db`,
  'password in JSON': (secret) => `{"password": "${secret}"}`,
  'key in escaped JSON': (secret) => `{\\"apiKey\\":\\"${secret}\\"}`,
  'client secret': (secret) => `client_secret: '${secret}'`,
  'token variable': (secret) => `export DEPLOY_TOKEN="${secret}"`,
  'npm configuration': (secret) => `//registry.internal/:_authToken=${secret}`,
  'user option': (secret) => `curl -u admin:${secret} host`,
  'password option': (secret) => `login --password ${secret} now`,
  'token option': (secret) => `deploy --token=${secret} now`,
  mysql: (secret) => `mysql -uroot -p${secret} shop`,
  'service by name': (secret) => `heroku_login: '${secret}'`,
  'signed URL': (secret) => `https://blob.internal/f?sv=1&sig=${secret}`,
};

const SHAPES: Readonly<Record<string, (kind: number) => string>> = {
  'service by name': (kind) => [8, 4, 4, 4, 12].map((length, at) => hex(length, kind + at * 3)).join('-'),
};

export const PLANTED: readonly Planted[] = [
  ...Object.entries(KEYS).map(([kind, secret]) => ({ kind, secret, text: secret })),
  ...Object.entries(PLACES).map(([kind, place], index) => {
    const secret = SHAPES[kind]?.(index) ?? some(18, 40 + index);
    return { kind, secret, text: place(secret) };
  }),
];

/** Texts that look a little like secrets and are none. */
export const HARMLESS: readonly string[] = [
  '01234567-89ab-cdef-0123-456789abcdef',
  'git show 9fceb02d0ae598e95dc970b74767f19372d61af8',
  'docker pull node@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'Unexpected token < in JSON at position 0',
  'SyntaxError: Unexpected token: punc (})',
  'max_tokens=4096 --max-tokens 4096',
  'input_tokens: 12345, output_tokens: 88',
  'the token is not valid; 200000 tokens is the limit',
  'tokenizer = AutoTokenizer.from_pretrained("gpt2")',
  'const tokens = tokenize(input)',
  'if (token == null) return',
  'src/auth/token-store.test.ts',
  'cat secrets/README.md | head -20',
  'import { secret } from "./secret.ts"',
  'kubectl get secret -n prod',
  'grep -rn "password" src',
  'python -m pytest tests/test_password.py::test_reset',
  'npm run test -- --reporter verbose',
  'npm_config_registry=https://registry.npmjs.org/ npm ci',
  'docker run -p 3000:3000 -u 1000:1000 node:20',
  'git push -u origin HEAD',
  'ssh://git@github.com/owner/repo.git',
  'git@github.com:owner/repo.git',
  'curl http://localhost:8080/path',
  'https://example.com/?email=dev@example.com',
  'git log --author=dev@example.com',
  'basic functionality of the bearer authentication',
  'fatal: Authentication failed',
  'sk-1234-fix-login',
  'feature/SK-1234-add-page',
  'task-1234567890abcdef',
  'toolu_01A09q90qw90lq917835lq9',
  'msg_01XFDUDYJgAACzvnptvVoYEL',
  'linear-gradient(to right, red, blue)',
  'twitter, followers and discord, servers',
  'PWD=/home/dev/project',
  'export NODE_ENV=production',
  'echo $GITHUB_SHA',
  'keyboard: qwerty-layout',
  's.toLocaleLowerCaseString',
  'at Object.<anonymous> (/home/dev/a.ts:10:5)',
  'ls ~/.ssh/id_rsa.pub',
];
