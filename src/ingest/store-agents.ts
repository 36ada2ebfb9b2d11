import type { Adapter } from '../model/adapter.ts';
import type { Connection } from '../warehouse/connection.ts';
import { readProperty, writeProperty } from './properties.ts';

/** Keeps what reports show and rules ask of each agent as the program knows it. */
export async function storeAgents(connection: Connection, adapters: readonly Adapter[]): Promise<void> {
  const agents = JSON.stringify(
    adapters.map(({ id, displayName, tellsStopReason = false, movesLogs = false, provider = null }) => ({
      agent: id,
      display_name: displayName,
      tells_stop_reason: tellsStopReason,
      moves_logs: movesLogs,
      provider,
    })),
  );
  if ((await readProperty(connection, 'agents')) === agents) return;
  await connection.execute(
    `insert or replace into raw.agents
    select unnest(from_json($agents::json, '[{"agent": "VARCHAR", "display_name": "VARCHAR", "tells_stop_reason": "BOOLEAN", "moves_logs": "BOOLEAN", "provider": "VARCHAR"}]'), recursive := true)`,
    { agents },
  );
  await writeProperty(connection, 'agents', agents);
}
