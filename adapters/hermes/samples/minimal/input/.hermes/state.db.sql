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

INSERT INTO sessions(id,source,model,started_at,ended_at,end_reason,message_count,tool_call_count,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,cwd,git_branch,billing_provider,estimated_cost_usd,api_call_count) VALUES('20260511_030000_ab12cd34','cli','claude-sonnet-4-5',1778468400.0,1778468410.0,'user_exit',4,1,100,50,900,80,10,'/home/dev/proj','main','anthropic',0.00162,2);
INSERT INTO session_model_usage(session_id,model,billing_provider,task,api_call_count,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,reasoning_tokens,estimated_cost_usd,first_seen,last_seen) VALUES('20260511_030000_ab12cd34','claude-sonnet-4-5','anthropic','',2,100,50,900,80,10,0.00162,1778468401.0,1778468409.0),('20260511_030000_ab12cd34','claude-haiku-4-5','anthropic','title',1,200,8,0,0,0,0.00024,1778468410.0,1778468410.0);
INSERT INTO messages(session_id,role,content,tool_calls,tool_call_id,tool_name,timestamp,finish_reason) VALUES('20260511_030000_ab12cd34','user','hi',NULL,NULL,NULL,1778468400.5,NULL),('20260511_030000_ab12cd34','assistant','','[{"id":"c1","type":"function","function":{"name":"terminal","arguments":"{\"command\":\"ls\"}"}}]',NULL,NULL,1778468402.0,'tool_calls'),('20260511_030000_ab12cd34','tool','{"output":"","exit_code":1,"error":null}',NULL,'c1','terminal',1778468403.0,NULL),('20260511_030000_ab12cd34','assistant','done',NULL,NULL,NULL,1778468409.0,'stop');
