import type { FileHead } from '../../src/model/adapter.ts';
import { firstDocument } from '../../src/model/first-document.ts';
import { isRecord } from '../../src/model/first-records.ts';

type Value = Readonly<Record<string, unknown>>;

/** The agents of the family. */
export type Member = 'cline' | 'roo-code' | 'kilo-code';

/** The form of a file of the family, when it is this member's. */
export const recogniserOf =
  (member: Member) =>
  (head: FileHead): string | undefined => {
    if (!/^\uFEFF?\s*[[{]/.test(head.text)) return undefined;
    const document = firstDocument(head.text);
    const form = formOf(document, head);
    return form !== undefined && memberOf(head, form) === member ? form : undefined;
  };

function formOf(document: unknown, head: FileHead): string | undefined {
  if (Array.isArray(document)) {
    const records = document.filter(isRecord);
    if (records.some(isUiMessage)) return 'ui';
    if (!records.every(isMessage) || records.length === 0) return undefined;
    if (/ui[-_]messages[^/]*\.json$/i.test(head.path)) return 'ui';
    return isOurs(records, head) ? 'conversation' : undefined;
  }
  if (!isRecord(document)) return undefined;
  if (isSession(document)) return 'session';
  return isMetadata(document, head.path) ? 'metadata' : undefined;
}

/** A message that a task shows; no one else has these two names for its kinds. */
const isUiMessage = ({ ts, type, say, ask }: Value): boolean =>
  typeof ts === 'number' &&
  ((type === 'say' && (say === undefined || typeof say === 'string')) ||
    (type === 'ask' && (ask === undefined || typeof ask === 'string')));

const isMessage = ({ role, type }: Value): boolean =>
  [role, type].some((word) => word === 'user' || word === 'assistant');

const MARKS =
  /<environment_details>|<task>\\n|<(?:execute_command>\\n<command|write_to_file>\\n<path|read_file>\\n<|replace_in_file>\\n<path|attempt_completion>\\n<result)>?|\[(?:execute_command|read_file|write_to_file|replace_in_file|apply_diff|attempt_completion|list_files|search_files)[^"\]]{0,300}\] Result:/;

/** A conversation in the shape of Anthropic's messages is ours by what the agent puts into it, or by its name and shape both. */
function isOurs(records: readonly Value[], { text, path }: FileHead): boolean {
  const isNamed = /api[-_]conversation[-_]history[^/]*\.json$/i.test(path);
  return (
    (MARKS.test(text) || isNamed) &&
    records.every((record) => 'content' in record || (isNamed && 'text' in record))
  );
}

/** The messages of a session of the command line: version 1 of a contract that is written down. */
function isSession({ version, sessionId, agent, messages, projectHash }: Value): boolean {
  return (
    version === 1 &&
    typeof sessionId === 'string' &&
    projectHash === undefined &&
    (agent === 'lead' || agent === 'subagent' || agent === 'teammate' || Array.isArray(messages)) &&
    (messages === undefined || Array.isArray(messages))
  );
}

function isMetadata({ files_in_context, model_usage, title }: Value, path: string): boolean {
  if (Array.isArray(files_in_context)) {
    return (
      files_in_context.every((file: unknown) => isRecord(file) && 'record_state' in file) ||
      Array.isArray(model_usage)
    );
  }
  if (Array.isArray(model_usage))
    return model_usage.every((use: unknown) => isRecord(use) && 'model_id' in use);
  return typeof title === 'string' && /task[-_]metadata[^/]*\.json$/i.test(path);
}

const EXTENSIONS: Readonly<Record<string, Member>> = {
  'rooveterinaryinc.roo-cline': 'roo-code',
  'kilocode.kilo-code': 'kilo-code',
  'saoudrizwan.claude-dev': 'cline',
};

/** Names that a person who keeps logs gives to folders and files. */
const NAMES: readonly (readonly [name: RegExp, member: Member])[] = [
  [/^roo(?:[-_.]?(?:code|cline))?(?![a-z])/i, 'roo-code'],
  [/^kilo(?:[-_.]?code)?(?![a-z])/i, 'kilo-code'],
  [/^\.?(?:cline|claude-dev)(?![a-z])/i, 'cline'],
];

/**
 * By the folder of an extension; else by fields that only one of them writes; else by the last folder, or the name, that names a
 * product; else by what is told of the protocol, which Cline has no word for.
 */
function memberOf({ path, text }: FileHead, form: string): Member {
  if (form === 'session') return 'cline';
  const segments = path.split('/').toReversed();
  const extension = segments.map((segment) => EXTENSIONS[segment.toLowerCase()]).find(Boolean);
  const marked = MARKS_OF.find(([marks]) => marks.test(text))?.[1];
  const named = segments
    .map((segment) => NAMES.find(([name]) => name.test(segment))?.[1])
    .find((member) => member !== undefined);
  return extension ?? marked ?? named ?? (/\\"apiProtocol\\"/.test(text) ? 'roo-code' : 'cline');
}

const MARKS_OF: readonly (readonly [marks: RegExp, member: Member])[] = [
  [
    /"kiloCode"\s*:|"(?:say|ask)"\s*:\s*"(?:payment_required_prompt|invalid_model|checkpoint_restore)"|\\"inferenceProvider\\"/,
    'kilo-code',
  ],
  [
    /"modelInfo"\s*:|"say"\s*:\s*"(?:checkpoint_created|task|task_progress|load_mcp_documentation)"|"(?:lastCheckpointHash|conversationHistoryDeletedRange)"/,
    'cline',
  ],
  [
    /"(?:autoApprovalDecision|isAnswered|isProtected|contextCondense|contextTruncation|progressStatus)"\s*:|"say"\s*:\s*"(?:checkpoint_saved|api_req_retry_delayed|rooignore_error|codebase_search_result|subtask_result)"|<slug>[^<]*<\/slug>|# Current Workspace Directory/,
    'roo-code',
  ],
];
