// The shipped reports over one open connection: the library opens the warehouse for every call.

import { shippedReport } from '../../src/catalog/contract.ts';
import { applySettings, runReport } from '../../src/report/run-report.ts';
import { openOnce } from '../../src/warehouse/open.ts';

/** Opens a warehouse for reading, as a command does. */
export async function openReports(file) {
  const connection = await openOnce({ file, mode: 'read' });
  await applySettings(connection, { timeZone: 'UTC', costMode: 'auto' });
  return {
    query: (sql) => connection.query(sql),
    run: (name, values) => runReport({ connection, report: shippedReport(name), values }),
    close: () => connection.close(),
  };
}
