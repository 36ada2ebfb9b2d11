/**
 * agenttrace as a library: bring a warehouse up to date, ask it in SQL, run reports. docs/library.md tells it in full.
 *
 * @example
 * const warehouse = await openWarehouse();
 * await warehouse.load();
 * const rows = await warehouse.query('select agent, sum(cost_usd) as cost_usd from sessions group by agent');
 * await warehouse.close();
 */
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { configFolder, defaultWarehouse } from './cli/places.ts';
import { openWith } from './library/open-warehouse.ts';
import type { Warehouse, WarehouseOptions } from './library/warehouse.ts';

export type { ViewName, ViewRow } from './library/view-rows.ts';
export type {
  CallOptions,
  LoadOptions,
  LoadProgress,
  LoadSummary,
  Parameters,
  ParameterValue,
  QueryOptions,
  Report,
  ReportAnswer,
  ReportOptions,
  ReportParameter,
  Row,
  StatementOptions,
  Value,
  Warehouse,
  WarehouseOptions,
} from './library/warehouse.ts';
export { AgenttraceError, type ErrorCode } from './model/errors.ts';

/** Opens a warehouse: the user's own, the file that the options name, or one for the time being. */
export async function openWarehouse(options: WarehouseOptions = {}): Promise<Warehouse> {
  const { env, platform } = process;
  const places = { platform, env, home: homedir() };
  return openWith(
    {
      home: places.home,
      env,
      platform,
      cwd: process.cwd(),
      host: hostname(),
      userName: currentUser(),
      defaultFile: defaultWarehouse(places),
      priceFolder: configFolder(places),
      temporaryPrefix: join(tmpdir(), `agenttrace-${process.pid}-`),
    },
    options,
  );
}

function currentUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
