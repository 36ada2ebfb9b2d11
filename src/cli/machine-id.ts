import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface MachineSource {
  readonly platform: NodeJS.Platform;
  /** Name of the machine: what is left where the platform gives it no id. */
  readonly host: string;
}

/** Names the machine that the program runs on: a hash of the id that its system gave it, from which that cannot be told. */
export function machineId({ platform, host }: MachineSource): string {
  const id = systemId(platform);
  return createHash('sha256')
    .update(`agenttrace machine:${id ?? `name:${host}`}`)
    .digest('hex')
    .slice(0, 16);
}

function systemId(platform: NodeJS.Platform): string | undefined {
  switch (platform) {
    case 'darwin':
      return /"IOPlatformUUID" = "([^"]+)"/.exec(
        output('ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
      )?.[1];
    case 'win32':
      return /MachineGuid\s+REG_SZ\s+(\S+)/.exec(
        output('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid']),
      )?.[1];
    default:
      return firstLine('/etc/machine-id') ?? firstLine('/var/lib/dbus/machine-id');
  }
}

function output(program: string, words: readonly string[]): string {
  try {
    return execFileSync(program, words, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
