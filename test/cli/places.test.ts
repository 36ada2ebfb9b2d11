import { expect, test } from 'vitest';
import { configFolder, dataFolder, defaultWarehouse, stateFolder } from '../../src/cli/places.ts';

const linux = { platform: 'linux', home: '/home/ada', env: {} } as const;
const mac = { platform: 'darwin', home: '/Users/ada', env: {} } as const;
const windows = { platform: 'win32', home: 'C:\\Users\\ada', env: {} } as const;

test('data lies where the platform keeps data', () => {
  expect(dataFolder(linux)).toBe('/home/ada/.local/share/agenttrace');
  expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: '/data' } })).toBe('/data/agenttrace');
  expect(dataFolder({ ...linux, env: { XDG_DATA_HOME: 'relative' } })).toBe(
    '/home/ada/.local/share/agenttrace',
  );
  expect(dataFolder(mac)).toBe('/Users/ada/Library/Application Support/agenttrace');
  expect(dataFolder(windows)).toBe('C:\\Users\\ada\\AppData\\Local\\agenttrace');
  expect(dataFolder({ ...windows, env: { LOCALAPPDATA: 'D:\\Local' } })).toBe('D:\\Local\\agenttrace');
});

test('so does what the user sets up', () => {
  expect(configFolder(linux)).toBe('/home/ada/.config/agenttrace');
  expect(configFolder({ ...linux, env: { XDG_CONFIG_HOME: '/etc/ada' } })).toBe('/etc/ada/agenttrace');
  expect(configFolder(mac)).toBe('/Users/ada/Library/Application Support/agenttrace');
  expect(configFolder({ ...windows, env: { APPDATA: 'D:\\Roaming' } })).toBe('D:\\Roaming\\agenttrace');
});

test('and what is remembered from one run to the next', () => {
  expect(stateFolder(linux)).toBe('/home/ada/.local/state/agenttrace');
  expect(stateFolder({ ...linux, env: { XDG_STATE_HOME: '/state' } })).toBe('/state/agenttrace');
  expect(stateFolder({ ...linux, env: { XDG_STATE_HOME: 'relative' } })).toBe(
    '/home/ada/.local/state/agenttrace',
  );
  expect(stateFolder(mac)).toBe('/Users/ada/Library/Application Support/agenttrace');
  expect(stateFolder(windows)).toBe('C:\\Users\\ada\\AppData\\Local\\agenttrace');
});

test('the environment may move the warehouse', () => {
  expect(defaultWarehouse(linux)).toBe('/home/ada/.local/share/agenttrace/warehouse.duckdb');
  expect(defaultWarehouse({ ...linux, env: { AGENTTRACE_WAREHOUSE: '/w.duckdb' } })).toBe('/w.duckdb');
});
