// What each project cost, and the dearest session of the dearest one.
//
//   node examples/cost-by-project.mjs [FOLDER…]
//
// Without a folder it answers from your own logs, loaded into your own warehouse as `agenttrace` itself does.

import { openWarehouse } from 'agenttrace';
import { viewRows } from 'agenttrace/views';

const folders = process.argv.slice(2);
const warehouse = await openWarehouse(folders.length === 0 ? {} : { file: ':memory:' });
try {
  const { sourceCount, bytesRead } = await warehouse.load({
    ...(folders.length === 0 ? {} : { directories: folders }),
    signal: AbortSignal.timeout(600_000),
  });
  console.log(`${sourceCount} logs, ${bytesRead} bytes read`);

  // A part of a view's schema types and checks the rows: cost_usd is exact, as text; counts are bigint.
  const row = viewRows.project_cost.pick({ project: true, cost_usd: true, llm_call_count: true });
  const projects = await warehouse.query(
    'select project, cost_usd, llm_call_count from project_cost order by cost_usd desc nulls last',
    { row },
  );
  for (const { project, cost_usd, llm_call_count } of projects)
    console.log(`${project ?? '(no folder)'}: ${cost_usd ?? 'unknown'} USD, ${llm_call_count} calls`);

  const { columns, rows } = await warehouse.report('sessions', {
    parameters: { project: projects[0]?.project ?? null, limit: 3 },
  });
  console.log(columns.map(({ label }) => label).join(' · '));
  console.log(
    `${rows.length} of its newest sessions: ${rows.map(({ session_id }) => session_id).join(', ')}`,
  );
} finally {
  await warehouse.close();
}
