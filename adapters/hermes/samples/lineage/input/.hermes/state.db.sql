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
INSERT INTO sessions (id, started_at, source, ended_at, end_reason, cwd) VALUES ('20260511_030000_aaaaaaaa', 1778468400.0, 'cli', 1778468460.0, 'compression', '/home/dev/proj');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_aaaaaaaa', 'user', 'build it', 1778468401.0);
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_aaaaaaaa', 'assistant', '', 1778468402.0, '[{"id": "call_0", "type": "function", "function": {"name": "terminal", "arguments": "{\"command\": \"make\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_aaaaaaaa', 'tool', '{"output":"ok","exit_code":0}', 1778468403.0, 'call_0', 'terminal');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_aaaaaaaa', 'user', 'continue', 1778468410.0);
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_aaaaaaaa', 'assistant', '', 1778468411.0, '[{"id": "call_0", "type": "function", "function": {"name": "terminal", "arguments": "{\"command\": \"make test\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030000_aaaaaaaa', 'tool', '{"output":"","exit_code":2,"error":"x"}', 1778468412.0, 'call_0', 'terminal');
INSERT INTO sessions (id, started_at, source, parent_session_id, model_config) VALUES ('20260511_030020_dddddddd', 1778468420.0, 'cli', '20260511_030000_aaaaaaaa', '{"_delegate_from":"20260511_030000_aaaaaaaa"}');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030020_dddddddd', 'user', 'look there', 1778468421.0);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030020_dddddddd', 'assistant', 'seen', 1778468422.0);
INSERT INTO sessions (id, started_at, source, parent_session_id) VALUES ('20260511_030100_cccccccc', 1778468460.5, 'cli', '20260511_030000_aaaaaaaa');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030100_cccccccc', 'user', '[CONTEXT COMPACTION] what was before', 1778468460.6);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030100_cccccccc', 'user', 'continue', 1778468460.61);
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030100_cccccccc', 'assistant', '', 1778468460.62, '[{"id": "call_0", "type": "function", "function": {"name": "terminal", "arguments": "{\"command\": \"make test\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030100_cccccccc', 'tool', '{"output":"","exit_code":2,"error":"x"}', 1778468460.63, 'call_0', 'terminal');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030100_cccccccc', 'user', 'continue', 1778468470.0);
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030100_cccccccc', 'assistant', '', 1778468471.0, '[{"id": "call_0", "type": "function", "function": {"name": "read_file", "arguments": "{\"path\": \"a.txt\"}"}}]');
INSERT INTO messages (session_id, role, content, timestamp, tool_call_id, tool_name) VALUES ('20260511_030100_cccccccc', 'tool', 'contents', 1778468472.0, 'call_0', 'read_file');
INSERT INTO sessions (id, started_at, source, parent_session_id, model_config) VALUES ('20260511_030200_ffffffff', 1778468520.0, 'cli', '20260511_030100_cccccccc', '{"_branched_from":"20260511_030100_cccccccc"}');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030200_ffffffff', 'user', 'continue', 1778468470.0);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030200_ffffffff', 'user', 'another way', 1778468530.0);
INSERT INTO sessions (id, started_at, source) VALUES ('cron_20260511_030300', 1778468580.0, 'cron');
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('cron_20260511_030300', 'user', 'report', 1778468581.0);
INSERT INTO session_model_usage (session_id, model, billing_provider, task, input_tokens, output_tokens, api_call_count, last_seen) VALUES ('20260511_030000_aaaaaaaa', 'm', 'openrouter', '', 10, 1, 2, 1778468412.0);
INSERT INTO session_model_usage (session_id, model, billing_provider, task, input_tokens, output_tokens, api_call_count, last_seen) VALUES ('20260511_030100_cccccccc', 'm', 'openrouter', '', 20, 2, 2, 1778468472.0);
INSERT INTO session_model_usage (session_id, model, billing_provider, task, input_tokens, output_tokens, api_call_count, last_seen) VALUES ('20260511_030020_dddddddd', 'm', 'openrouter', '', 30, 3, 1, 1778468422.0);
