import { AgenttraceError } from '../model/errors.ts';

const SYSTEM_MESSAGES: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EPERM: 'Not permitted',
  ENOSPC: 'No space left on the disk',
  EROFS: 'The file system is read-only',
  ENOENT: 'No such file or folder',
  EISDIR: 'This is a folder',
  ENOTDIR: 'A part of this path is not a folder',
};

/** A full disk or a missing right is the machine's state, not a bug. */
export function systemError(error: unknown): AgenttraceError | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const message = SYSTEM_MESSAGES[code ?? ''];
  if (message === undefined) return undefined;
  return new AgenttraceError({
    code: 'failed',
    message: `${message}.`,
    ...(path === undefined ? {} : { source: path }),
    cause: error,
  });
}
