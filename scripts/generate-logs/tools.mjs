/** What a tool was called with, by the names that an agent gives to the arguments. */
export function argumentsOf(tool, names = {}) {
  const { command = 'command', path = 'file_path', before = 'old_string', after = 'new_string' } = names;
  if (tool.kind === 'shell') return { [command]: tool.command };
  if (tool.kind === 'search') return { pattern: tool.before.slice(0, 20), path: 'src' };
  if (tool.kind === 'read') return { [path]: tool.path };
  return { [path]: tool.path, [before]: tool.before, [after]: tool.after };
}

/** What it gave back; of a failure its beginning. */
export const resultOf = (tool) => (tool.isFailed ? `Error: ${tool.output.slice(0, 300)}` : tool.output);
