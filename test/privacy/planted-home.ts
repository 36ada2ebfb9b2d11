/** Logs in which secrets stand wherever people, agents and tools write. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copySample, filesBelow, ROOT } from '../adapters/load.ts';
import { PLANTED, type Planted } from './planted.ts';

const START = Date.UTC(2026, 4, 1, 9);
const at = (second: number): string => new Date(START + second * 1000).toISOString();
const github = PLANTED.find(({ kind }) => kind === 'github')?.secret ?? '';
const slack = PLANTED.find(({ kind }) => kind === 'slack bot')?.secret ?? '';

/** The samples of every adapter that are JSON, with a secret at the end of each text. */
export function plantSamples(folder: string): readonly string[] {
  const agents = readdirSync(join(ROOT, 'adapters'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return agents.flatMap((agent) => {
    const samples = join(ROOT, 'adapters', agent, 'samples');
    return readdirSync(samples)
      .filter((name) => statSync(join(samples, name, 'input'), { throwIfNoEntry: false })?.isDirectory())
      .map((name) => {
        const target = join(folder, agent, name);
        copySample(join(samples, name, 'input'), target);
        for (const path of filesBelow(target)) plantFile(path);
        return target;
      });
  });
}

let next = 0;
const nextPlanted = (): Planted => PLANTED[next++ % PLANTED.length] as Planted;

function plantFile(path: string): void {
  if (!/\.jsonl?$/.test(path)) return;
  const text = readFileSync(path, 'utf8');
  const whole = path.endsWith('.json') ? planted(text) : undefined;
  writeFileSync(
    path,
    whole ??
      text
        .split('\n')
        .map((line) => planted(line) ?? line)
        .join('\n'),
  );
}

/** The same JSON with secrets; undefined: it is none. */
function planted(json: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(withSecrets(value)) : undefined;
}

const TEXTS =
  /^(?:command|cmd|text|content|message|output|error|stdout|stderr|thinking|reasoning|prompt|title|summary)$/i;

function withSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withSecrets(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withSecrets(item, name)]));
  if (typeof value !== 'string') return value;
  const inner = value.startsWith('{') || value.startsWith('[') ? planted(value) : undefined;
  if (inner !== undefined) return inner;
  return /\S \S/.test(value) || TEXTS.test(key) ? `${value} ${nextPlanted().text}` : value;
}

/** One session each of Claude Code and Codex in which every secret stands at every place, by itself. */
export function plantSessions(home: string): void {
  write(
    join(home, '.claude/projects/-home-dev-planted/a1000000-0000-4000-8000-0000000000f1.jsonl'),
    claudeLines(),
  );
  write(
    join(
      home,
      '.codex/sessions/2026/05/01/rollout-2026-05-01T09-00-00-019e0000-0000-7000-8000-0000000000f1.jsonl',
    ),
    codexLines(),
  );
}

function write(path: string, records: readonly object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

function claudeLines(): readonly object[] {
  const session = {
    sessionId: 'a1000000-0000-4000-8000-0000000000f1',
    cwd: `/home/dev/${github}/planted`,
    gitBranch: `fix/${slack}`,
    version: '2.1.100',
    isSidechain: false,
    userType: 'external',
  };
  const record = (index: number, part: number, rest: object): object => ({
    ...session,
    uuid: `00000000-0000-4000-8000-${String(index * 10 + part).padStart(12, '0')}`,
    parentUuid: index + part === 0 ? null : `00000000-0000-4000-8000-${before(index, part)}`,
    timestamp: at(index * 10 + part),
    ...rest,
  });
  return PLANTED.flatMap(({ text }, index) => {
    const answer = (part: number, content: readonly object[]): object =>
      record(index, part, {
        type: 'assistant',
        requestId: `req_${index}`,
        message: {
          id: `msg_${index}`,
          type: 'message',
          role: 'assistant',
          model: 'claude-sonnet-4-5-20250929',
          content,
          stop_reason: 'tool_use',
          usage: { input_tokens: 10, output_tokens: 5 },
        },
      });
    const call = `toolu_${index}`;
    return [
      record(index, 0, { type: 'user', message: { role: 'user', content: `use ${text} please` } }),
      answer(1, [{ type: 'thinking', thinking: `they gave ${text}`, signature: 'x' }]),
      answer(2, [{ type: 'text', text: `I use ${text} now` }]),
      answer(3, [
        { type: 'tool_use', id: call, name: 'Bash', input: { command: `run ${text} x`, description: text } },
        {
          type: 'tool_use',
          id: `${call}w`,
          name: 'Write',
          input: { file_path: `/home/dev/planted/${github}.env`, content: text },
        },
      ]),
      record(index, 4, {
        type: 'user',
        message: {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: call, is_error: true, content: `failed: ${text} is wrong` },
          ],
        },
        toolUseResult: `Error: failed: ${text} is wrong`,
      }),
      record(index, 5, {
        type: 'system',
        subtype: 'api_error',
        level: 'error',
        error: `bad ${github}`,
        content: `error ${text}`,
      }),
      record(index, 6, {
        type: 'user',
        message: {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: `${call}w`, content: `wrote ${text}` }],
        },
        toolUseResult: {
          type: 'create',
          filePath: `/home/dev/${github}.env`,
          content: text,
          structuredPatch: [],
        },
      }),
    ];
  });
}

function before(index: number, part: number): string {
  return String(part === 0 ? (index - 1) * 10 + 6 : index * 10 + part - 1).padStart(12, '0');
}

function codexLines(): readonly object[] {
  const line = (second: number, type: string, payload: object): object => ({
    timestamp: at(second),
    type,
    payload,
  });
  const calls = PLANTED.flatMap(({ text }, index) => {
    const second = 10 + index * 10;
    const call_id = `call_${index}`;
    return [
      line(second, 'event_msg', { type: 'user_message', message: `use ${text}` }),
      line(second + 1, 'event_msg', { type: 'agent_reasoning', text: `thinking of ${text}` }),
      line(second + 2, 'response_item', {
        type: 'function_call',
        name: 'exec_command',
        arguments: JSON.stringify({ cmd: `run ${text} x`, justification: text }),
        call_id,
      }),
      line(second + 3, 'response_item', {
        type: 'function_call_output',
        call_id,
        output: `Chunk ID: a1\nWall time: 1.5 seconds\nProcess exited with code 2\nOutput:\nfailed: ${text} is wrong`,
      }),
      line(second + 4, 'response_item', {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: `done with ${text}` }],
      }),
    ];
  });
  return [
    line(0, 'session_meta', {
      id: '019e0000-0000-7000-8000-0000000000f1',
      timestamp: at(0),
      cwd: `/home/dev/${github}`,
      originator: 'codex_cli_rs',
      cli_version: '0.120.0',
      source: 'cli',
      model_provider: 'openai',
      git: {
        branch: `fix/${slack}`,
        commit_hash: 'abc',
        repository_url: `https://dev:${github}@git.internal/team/repo.git`,
      },
    }),
    line(1, 'turn_context', {
      turn_id: 't1',
      cwd: `/home/dev/${github}`,
      model: 'gpt-5.5',
      effort: 'medium',
    }),
    ...calls,
  ];
}
