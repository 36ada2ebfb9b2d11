import { publicViews } from '../catalog/contract.ts';
import type { View } from '../catalog/view.ts';
import { AgenttraceError } from '../model/errors.ts';
import type { Cell } from '../model/result.ts';
import type { ViewDescription } from '../model/view-description.ts';
import { schemaDdl } from '../render/schema-ddl.ts';
import { schemaMarkdown, viewMarkdown } from '../render/schema-markdown.ts';
import { schemaText, viewText } from '../render/schema-text.ts';
import { type Answer, pageStyle } from './answer.ts';
import { describeViews } from './describe-views.ts';
import { chooseFormat } from './format-choice.ts';
import { nearest } from './nearest.ts';
import type { Format } from './options.ts';
import { openOutputFile, writeOutput } from './output-file.ts';
import type { Invocation } from './spec.ts';
import { refuseBinary, textAnswer } from './text-answer.ts';
import { writeAnswer } from './write-answer.ts';

/** Lists the views of the contract, or describes one; with `--ddl`, tables for a copy of them. */
export async function showSchema(invocation: Invocation): Promise<void> {
  const { options, operands } = invocation;
  const [name] = operands;
  const isDdl = options.isDdl || /\.sql$/i.test(options.output ?? '');
  if (isDdl && options.format !== undefined) {
    throw new AgenttraceError({
      code: 'usage',
      message: `--ddl writes SQL, not ${options.format}.`,
      hint: 'agenttrace schema --ddl -o schema.sql',
    });
  }
  const format = isDdl ? 'table' : chooseFormat(invocation, 'table');
  refuseBinary(format);
  const chosen = name === undefined ? undefined : viewNamed(name);
  const views = await describeViews(chosen === undefined ? publicViews() : [chosen]);
  const file = await openOutputFile(invocation, { format, stem: 'schema' });
  const [only] = views;
  if (isDdl) return writeOutput(invocation, { file, data: schemaDdl(views) });
  if (format === 'markdown') {
    const data = chosen === undefined || only === undefined ? schemaMarkdown(views) : viewMarkdown(only, 1);
    return writeOutput(invocation, { file, data });
  }
  if (format === 'table') {
    const style = pageStyle(invocation);
    const data =
      chosen === undefined || only === undefined ? schemaText(views, style) : viewText(only, style);
    return writeOutput(invocation, { file, data });
  }
  const answer = chosen === undefined || only === undefined ? allViews(views, format) : oneView(only, format);
  await writeAnswer(invocation, { answer, format, file });
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

function allViews(views: readonly ViewDescription[], format: Format): Answer {
  if (format === 'json' || format === 'jsonl') {
    const names = [
      'name',
      'version',
      'since',
      'grain',
      'title',
      'description',
      'columns',
      'examples',
    ] as const;
    return {
      shape: 'table',
      title: null,
      result: {
        columns: names.map((name) => ({ name, type: '' })),
        rows: views.map((view) => names.map((name) => viewCells(view)[name] ?? null)),
      },
    };
  }
  return textAnswer({
    title: 'Views of schema v1',
    names: ['name', 'version', 'grain', 'holds'],
    rows: views.map((view) => [view.name, view.version, view.grain.join(', '), view.title]),
  });
}

function oneView(view: ViewDescription, format: Format): Answer {
  if (format === 'json') {
    return {
      shape: 'document',
      view: { title: view.name, subtitle: null, sections: [], next: [] },
      entries: Object.entries(viewCells(view)),
    };
  }
  if (format !== 'html') {
    return textAnswer({
      title: view.name,
      names: ['column', 'type', 'unit', 'description'],
      rows: view.columns.map(({ name, type, unit, description }) => [name, type, unit, description]),
    });
  }
  const { version, since, grain, columns, description, examples } = view;
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
          cell: { version: String(version), since, grain: grain.join(', ') },
        },
        {
          column: { name: 'about', type: 'VARCHAR[]' },
          title: 'Meaning',
          cell: description.split('\n\n').filter((paragraph) => paragraph !== ''),
        },
        {
          column: {
            name: 'columns',
            type: 'STRUCT("column" VARCHAR, "type" VARCHAR, unit VARCHAR, meaning VARCHAR)[]',
          },
          title: 'Columns',
          cell: columns.map((column) => ({
            column: column.name,
            type: shortType(column.type),
            unit: column.unit,
            meaning: column.description,
          })),
        },
      ],
      next: examples.map((sql) => [`agenttrace query "${sql}"`, '']),
    },
  };
}

const shortType = (type: string): string => type.replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ');

/** A description as the cells of a row. */
const viewCells = (view: ViewDescription): Readonly<Record<string, Cell>> => ({
  ...view,
  columns: view.columns.map(({ name, type, unit, description }) => ({ name, type, unit, description })),
});
