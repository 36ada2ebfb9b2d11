CREATE TABLE sessions (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, user_id TEXT, model TEXT, model_config TEXT, system_prompt TEXT,
    parent_session_id TEXT, started_at REAL NOT NULL, ended_at REAL, end_reason TEXT, message_count INTEGER DEFAULT 0,
    tool_call_count INTEGER DEFAULT 0, input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0,
    cache_read_tokens INTEGER DEFAULT 0, cache_write_tokens INTEGER DEFAULT 0, reasoning_tokens INTEGER DEFAULT 0,
    cwd TEXT, git_branch TEXT, billing_provider TEXT, billing_base_url TEXT, billing_mode TEXT, estimated_cost_usd REAL,
    actual_cost_usd REAL, cost_status TEXT, title TEXT, api_call_count INTEGER DEFAULT 0, profile_name TEXT
);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT, tool_call_id TEXT,
    tool_calls TEXT, tool_name TEXT, timestamp REAL NOT NULL, token_count INTEGER, finish_reason TEXT, reasoning TEXT,
    observed INTEGER DEFAULT 0, active INTEGER NOT NULL DEFAULT 1, compacted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX idx_messages_session ON messages (session_id, timestamp);
CREATE TABLE session_model_usage (
    session_id TEXT NOT NULL, model TEXT NOT NULL, billing_provider TEXT NOT NULL DEFAULT '',
    billing_base_url TEXT NOT NULL DEFAULT '', billing_mode TEXT NOT NULL DEFAULT '', task TEXT NOT NULL DEFAULT '',
    api_call_count INTEGER NOT NULL DEFAULT 0, input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0, cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0, reasoning_tokens INTEGER NOT NULL DEFAULT 0,
    estimated_cost_usd REAL NOT NULL DEFAULT 0, actual_cost_usd REAL NOT NULL DEFAULT 0, cost_status TEXT,
    first_seen REAL, last_seen REAL,
    PRIMARY KEY (session_id, model, billing_provider, billing_base_url, billing_mode, task)
);
INSERT INTO sessions (id, started_at, source) VALUES ('20260511_030000_33333333', 1778468400.0, 'cli');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_33333333', 'user', 'go', 1778468401.0);
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468402.0, '[{"id": "a", "type": "function", "function": {"name": "write_file", "arguments": "{\"path\": \"a.txt\", \"content\": \"x\\ny\\n\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', '{"bytes_written": 4, "error": null}', 1778468402.5, 'a', 'write_file');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468403.0, '[{"id": "b", "type": "function", "function": {"name": "patch", "arguments": "{\"mode\": \"replace\", \"path\": \"b.txt\", \"old_string\": \"p\", \"new_string\": \"q\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', '{"success": true, "diff": "--- a/b.txt\n+++ b/b.txt\n@@ -1 +1,2 @@\n-p\n+q\n+r\n", "files_modified": ["b.txt"]}', 1778468403.5, 'b', 'patch');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468404.0, '[{"id": "c", "type": "function", "function": {"name": "patch", "arguments": "{\"path\": \"c.txt\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', '{"success": false, "error": "no match"}', 1778468404.5, 'c', 'patch');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468405.0, '[{"id": "d", "type": "function", "function": {"name": "terminal", "arguments": "{\"command\": \"rm -r x\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', '{"output": "", "exit_code": -1, "error": "BLOCKED: User denied.", "status": "blocked"}', 1778468405.5, 'd', 'terminal');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468406.0, '[{"id": "e", "type": "function", "function": {"name": "terminal", "arguments": "{\"command\": \"sleep 999\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', '{"output": "[Command timed out after 60s]", "exit_code": 124, "error": null}', 1778468406.5, 'e', 'terminal');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468407.0, '[{"id": "f", "type": "function", "function": {"name": "web_search", "arguments": "{\"query\": \"x\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', 'Error executing tool ''web_search'': offline', 1778468407.5, 'f', 'web_search');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468408.0, '[{"id": "g", "type": "function", "function": {"name": "mcp_files_list", "arguments": "{}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', 'plain words', 1778468408.5, 'g', 'mcp_files_list');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468409.0, '[{"id": "h", "type": "function", "function": {"name": "todo", "arguments": "{}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_33333333', 'tool', '[Tool execution cancelled — todo was skipped due to user interrupt]', 1778468409.5, 'h', 'todo');
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_33333333', 'assistant', '', 1778468410.0, '[{"id": "i", "type": "function", "function": {"name": "delegate_task", "arguments": "{\"goal\": \"x\"}"}}]');
