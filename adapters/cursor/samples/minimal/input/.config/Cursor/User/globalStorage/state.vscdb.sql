create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);
insert into cursorDiskKV values ('composerData:cmp-1', '{"composerId":"cmp-1","name":"Fix","createdAt":1778000000000,"lastUpdatedAt":1778000010000,"modelConfig":{"modelName":"claude-4.5-sonnet"},"fullConversationHeadersOnly":[{"bubbleId":"b1","type":1},{"bubbleId":"b2","type":2},{"bubbleId":"b3","type":2}]}');
insert into cursorDiskKV values ('bubbleId:cmp-1:b1', '{"bubbleId":"b1","type":1,"text":"fix it","createdAt":"2026-05-05T16:53:20.000Z","tokenCount":{"inputTokens":0,"outputTokens":0}}');
insert into cursorDiskKV values ('bubbleId:cmp-1:b2', '{"bubbleId":"b2","type":2,"text":"","createdAt":"2026-05-05T16:53:25.000Z","tokenCount":{"inputTokens":0,"outputTokens":0},"toolFormerData":{"name":"edit_file","toolCallId":"t1","status":"completed","rawArgs":"{}","result":"{}"}}');
insert into cursorDiskKV values ('bubbleId:cmp-1:b3', '{"bubbleId":"b3","type":2,"text":"done","createdAt":"2026-05-05T16:53:30.000Z","tokenCount":{"inputTokens":800,"outputTokens":40},"modelInfo":{"modelName":"claude-4.5-sonnet"}}');
