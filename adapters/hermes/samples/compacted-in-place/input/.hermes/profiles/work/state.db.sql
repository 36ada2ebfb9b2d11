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
INSERT INTO sessions (id, started_at, source) VALUES ('20260511_030000_11111111', 1778468400.0, 'cli');
INSERT INTO messages (session_id, role, content, timestamp, active, compacted) VALUES ('20260511_030000_11111111', 'user', 'first', 1778468401.0, 0, 1);
INSERT INTO messages (session_id, role, content, timestamp, active, compacted) VALUES ('20260511_030000_11111111', 'assistant', 'one', 1778468402.0, 0, 1);
INSERT INTO messages (session_id, role, content, timestamp, active, compacted) VALUES ('20260511_030000_11111111', 'user', 'second', 1778468403.0, 0, 1);
INSERT INTO messages (session_id, role, content, timestamp, active) VALUES ('20260511_030000_11111111', 'user', 'third', 1778468404.0, 0);
INSERT INTO messages (session_id, role, content, timestamp, active) VALUES ('20260511_030000_11111111', 'user', 'taken back', 1778468405.0, 0);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_11111111', 'user', '[CONTEXT COMPACTION] before', 1778468410.0);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_11111111', 'user', 'second', 1778468410.01);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_11111111', 'user', 'third', 1778468404.0);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_11111111', 'user', 'second', 1778468420.0);
INSERT INTO messages (session_id, role, content, timestamp) VALUES ('20260511_030000_11111111', 'user', '[System note: resumed]', 1778468421.0);
INSERT INTO messages (session_id, role, content, timestamp, observed) VALUES ('20260511_030000_11111111', 'user', 'others talk', 1778468422.0, 1);
INSERT INTO messages (session_id, role, content, timestamp, tool_calls) VALUES ('20260511_030000_11111111', 'assistant', '', 1778468423.0, '[{"id": broken');
INSERT INTO sessions (id, source, model, started_at, input_tokens, output_tokens, cache_read_tokens, actual_cost_usd, estimated_cost_usd) VALUES ('20260511_030100_22222222', 'cli', 'old-model', 1778468460000.0, 7, 3, 5, 0.5, 0.2);
