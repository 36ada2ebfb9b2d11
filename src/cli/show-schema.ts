import { publicViews } from '../catalog/contract.ts';
import type { View } from '../catalog/view.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Cell, ResultColumn } from '../model/result.ts';
import type { Answer } from './answer.ts';
import { chooseFormat } from './format-choice.ts';
import { nearest } from './nearest.ts';
import type { Format } from './options.ts';
import { openOutputFile } from './output-file.ts';
import type { Invocation } from './spec.ts';
import { refuseBinary, textAnswer } from './text-answer.ts';
import { unitName } from './unit-name.ts';
import { writeAnswer } from './write-answer.ts';

/** Lists the views of the contract, or the columns of one. */
export async function showSchema(invocation: Invocation): Promise<void> {
  const [name] = invocation.operands;
  const format = chooseFormat(invocation, 'table');
  refuseBinary(format);
  const answer = name === undefined ? await allViews(format) : await oneView(viewNamed(name), format);
  await writeAnswer(invocation, {
    answer,
    format,
    file: await openOutputFile(invocation, { format, stem: 'schema' }),
  });
}

function viewNamed(given: string): View {
  const name = given.toLowerCase().replace(/^v1\./, '');
  const views = publicViews();
  const view = views.find((candidate) => candidate.name === name);
  if (view !== undefined) return view;
  const near = nearest(
    name,
    views.map((candidate) => candidate.name),
  );
  throw new AgenttraceError({
    code: 'usage',
    message: `There is no view “${given}”.`,
    hint: `${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}agenttrace schema lists them all.`,
  });
}

async function allViews(format: Format): Promise<Answer> {
  const views = publicViews();
  if (format === 'json' || format === 'jsonl') {
    const types = await columnTypes();
    const columns = ['name', 'version', 'since', 'grain', 'title', 'description', 'columns', 'examples'];
    return {
      shape: 'table',
      title: null,
      result: {
        columns: columns.map((name) => ({ name, type: '' })),
        rows: views.map((view) => {
          const described = viewObject(view, types.get(view.name) ?? []);
          return columns.map((column) => described[column] ?? null);
        }),
      },
    };
  }
  return textAnswer({
    title: 'Views of schema v1',
    names: ['name', 'version', 'grain', 'holds'],
    rows: views.map((view) => [view.name, view.version, view.grain.join(', '), view.title]),
  });
}

async function oneView(view: View, format: Format): Promise<Answer> {
  const types = (await columnTypes()).get(view.name) ?? [];
  const typeOf = (name: string): string => types.find((column) => column.name === name)?.type ?? '';
  if (format === 'json') {
    const described = viewObject(view, types);
    return {
      shape: 'document',
      view: { title: view.name, subtitle: null, sections: [], next: [] },
      entries: Object.entries(described),
    };
  }
  if (format !== 'table' && format !== 'markdown' && format !== 'html') {
    return textAnswer({
      title: view.name,
      names: ['column', 'type', 'unit', 'description'],
      rows: view.columns.map(({ name, description }) => [
        name,
        typeOf(name),
        unitName({ name, type: typeOf(name) }),
        description,
      ]),
    });
  }
  const columns = textAnswer({
    title: 'Columns',
    names: ['column', 'type', 'unit', 'meaning'],
    rows: view.columns.map(({ name, description }) => [
      name,
      shortType(typeOf(name)),
      unitName({ name, type: typeOf(name) }),
      description,
    ]),
  });
  const text = (name: string): ResultColumn => ({ name, type: 'VARCHAR' });
  const facts = { version: String(view.version), since: view.since, grain: view.grain.join(', ') };
  const rows = columns.result.rows.map((row) =>
    Object.fromEntries(columns.result.columns.map(({ name }, index) => [name, row[index] ?? null])),
  );
  return {
    shape: 'document',
    entries: [],
    view: {
      title: `v1.${view.name}`,
      subtitle: view.title,
      sections: [
        {
          column: { name: 'facts', type: 'STRUCT(version VARCHAR, since VARCHAR, grain VARCHAR)' },
          title: 'View',
          cell: facts,
        },
        ...(view.description === ''
          ? []
          : [{ column: text('about'), title: 'Meaning', cell: [view.description] as Cell }]
        ).map((section) => ({ ...section, column: { name: 'about', type: 'VARCHAR[]' } })),
        {
          column: {
            name: 'columns',
            type: 'STRUCT("column" VARCHAR, "type" VARCHAR, unit VARCHAR, meaning VARCHAR)[]',
          },
          title: 'Columns',
          cell: rows,
        },
      ],
      next: view.examples.map((sql) => [`agenttrace query "${sql}"`, '']),
    },
  };
}

const shortType = (type: string): string => type.replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ');

function viewObject(view: View, types: readonly ResultColumn[]): Readonly<Record<string, Cell>> {
  return {
    name: view.name,
    version: view.version,
    since: view.since,
    grain: view.grain,
    title: view.title,
    description: view.description,
    columns: view.columns.map(({ name, description }) => {
      const type = types.find((column) => column.name === name)?.type ?? '';
      return { name, type: type || null, unit: unitName({ name, type }), description };
    }),
    examples: view.examples,
  };
}

/** Types come from an empty warehouse in memory, so that they are what DuckDB says and not what a header claims. */
async function columnTypes(): Promise<ReadonlyMap<string, readonly ResultColumn[]>> {
  const { installSchema, planSchema } = await import('../ingest/schema.ts');
  const { openOnce } = await import('../warehouse/open.ts');
  const connection = await openOnce({ file: ':memory:', mode: 'write' });
  try {
    await installSchema(connection, await planSchema(connection));
    const { rows } = await connection.query(
      `select table_name, column_name, data_type from duckdb_columns() where schema_name = 'v1' order by table_name, column_index`,
    );
    const types = new Map<string, ResultColumn[]>();
    for (const [table, name, type] of rows) {
      const columns = types.get(String(table)) ?? [];
      columns.push({ name: String(name), type: String(type) });
      types.set(String(table), columns);
    }
    return types;
  } finally {
    connection.close();
  }
}
