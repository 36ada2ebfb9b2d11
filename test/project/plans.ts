import type { Plan, PlanColumn, PlanTable } from '../../src/model/plan.ts';

const column = (kind: PlanColumn['kind'], path: string, more: Partial<PlanColumn> = {}): PlanColumn => ({
  name: `${path.replaceAll('.', '_').replace('$', '') || 'self'}_as_${kind}`,
  kind,
  path,
  ...more,
});

/** Every kind of column over one path. */
export const everyKind = (path: string): readonly PlanColumn[] => [
  column('text', path, { limit: 12 }),
  column('integer', path),
  column('decimal', path),
  column('boolean', path),
  column('timestamp', path),
  column('uuid', path),
  column('kind', path),
  column('digest', path, { limit: 20, tail: 7 }),
  column('size', path),
  column('lines', path),
  column('diff', path),
];

const table = (name: string, at: string | undefined, columns: readonly PlanColumn[]): PlanTable => ({
  name,
  ...(at === undefined ? {} : { at }),
  columns,
});

/** One path, every kind: for tests of single values. */
export const VALUE_PLAN: Plan = { name: 'value', tables: [table('record', undefined, everyKind('v'))] };

/** Paths of several agents' logs and of invented lines: nested arrays, entries, digests with columns below. */
export const RICH_PLAN: Plan = {
  name: 'rich',
  tables: [
    table('record', undefined, [
      ...everyKind('v'),
      column('timestamp', 'timestamp'),
      column('text', 'type'),
      column('uuid', 'sessionId'),
      column('uuid', 'uuid'),
      column('uuid', 'parentUuid'),
      column('boolean', 'isSidechain'),
      column('text', 'cwd', { limit: 10 }),
      column('text', 'message.id'),
      column('text', 'message.model'),
      column('kind', 'message.content'),
      column('digest', 'message.content', { limit: 40 }),
      column('integer', 'message.usage.input_tokens'),
      column('integer', 'message.usage.output_tokens'),
      column('integer', 'message.usage.cache_read_input_tokens'),
      column('integer', 'message.usage.cache_creation_input_tokens'),
      column('integer', 'message.usage.cache_creation.ephemeral_5m_input_tokens'),
      column('integer', 'message.usage.cache_creation.ephemeral_1h_input_tokens'),
      column('digest', 'message.usage'),
      column('kind', 'toolUseResult'),
      column('size', 'toolUseResult.stdout'),
      column('lines', 'toolUseResult.stdout'),
      column('integer', 'toolUseResult.durationMs'),
      column('text', 'payload.type'),
      column('digest', 'payload.output', {
        tail: 30,
        hashed: { after: '\nOutput:\n', before: '","metadata":{' },
      }),
      column('lines', 'payload.output'),
      column('digest', 'payload.arguments'),
      column('integer', 'payload.info.total_token_usage.total_tokens'),
      column('decimal', 'payload.rate_limits.primary.used_percent'),
      column('diff', 'payload.diff'),
    ]),
    table('content', 'message.content[]', [
      column('kind', ''),
      column('text', ''),
      column('text', 'type'),
      column('text', 'id'),
      column('text', 'name', { limit: 5 }),
      column('digest', 'input', { tail: 9 }),
      column('text', 'input.file_path'),
      column('text', 'input.command', { limit: 30 }),
      column('digest', 'content', { limit: 300 }),
      column('boolean', 'is_error'),
      column('size', 'text'),
    ]),
    table('inner', 'message.content[].content[]', [
      column('text', 'type'),
      column('digest', 'text'),
      column('kind', ''),
    ]),
    table('hunk', 'toolUseResult.structuredPatch[]', [
      column('integer', 'oldStart'),
      column('integer', 'newLines'),
    ]),
    table('patch_line', 'toolUseResult.structuredPatch[].lines[]', [
      column('text', '', { limit: 9 }),
      column('diff', ''),
    ]),
    table('change', 'payload.changes{}', [
      column('text', '$key', { limit: 8 }),
      column('uuid', '$key'),
      column('kind', ''),
      column('text', 'type'),
      column('diff', 'unified_diff'),
    ]),
    table('deep', 'payload.changes{}.list[]{}', [column('text', '$key'), ...everyKind('')]),
    table('item', 'items[][]', [...everyKind(''), ...everyKind('v')]),
    table('entry', '{}', [column('text', '$key'), column('kind', '')]),
  ],
};

/** A plan over the paths that a log really has: each by the kinds that fit what stands there, arrays as tables. */
export function derivePlan(log: Buffer): Plan {
  const tables = new Map<string, Map<string, Set<string>>>([['', new Map()]]);
  const note = (table: string, path: string, value: unknown): void => {
    const columns = tables.get(table) as Map<string, Set<string>>;
    if (!columns.has(path) && columns.size < 60) columns.set(path, new Set());
    columns.get(path)?.add(Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);
    if (Array.isArray(value) && path.split('.').length < 5) {
      const at = `${table === '' ? '' : `${table}${path === '' ? '' : '.'}`}${path}[]`;
      if (!tables.has(at) && tables.size < 12) tables.set(at, new Map());
      if (tables.has(at)) for (const item of value.slice(0, 20)) note(at, '', item);
    } else if (typeof value === 'object' && value !== null && path.split('.').length < 6)
      for (const [key, child] of Object.entries(value))
        if (/^[\w-]+$/.test(key)) note(table, path === '' ? key : `${path}.${key}`, child);
  };
  for (const line of log.toString('utf8').split('\n').slice(0, 300)) {
    try {
      note('', '', JSON.parse(line));
    } catch {
      // not a record: nothing to learn from
    }
  }
  const kindsOf = (types: ReadonlySet<string>): readonly PlanColumn['kind'][] => [
    ...(types.has('string') ? (['text', 'size', 'lines', 'diff', 'uuid'] as const) : []),
    ...(types.has('string') || types.has('number') ? (['timestamp'] as const) : []),
    ...(types.has('number') ? (['integer', 'decimal'] as const) : []),
    ...(types.has('boolean') ? (['boolean'] as const) : []),
    ...(types.has('null') ? [] : (['kind', 'digest'] as const)),
  ];
  return {
    name: 'derived',
    tables: [...tables].map(([at, columns], t) =>
      table(
        `t${t}`,
        t === 0 ? undefined : at,
        [...columns].flatMap(([path, types], c) =>
          kindsOf(types).map((kind) => ({
            name: `c${c}_${kind}`,
            kind,
            path,
            limit: 30,
            ...(kind === 'digest' && { tail: 11 }),
          })),
        ),
      ),
    ),
  };
}
