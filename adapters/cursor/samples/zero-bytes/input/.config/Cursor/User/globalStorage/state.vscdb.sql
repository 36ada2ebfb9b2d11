create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);
insert into cursorDiskKV values ('composerData:c-blob', cast('{"composerId":"c-blob","createdAt":1780300800000,"fullConversationHeadersOnly":[{"bubbleId":"m-1","type":1},{"bubbleId":"m-2","type":2},{"bubbleId":"m-3","type":2}]}' || char(0) as blob));
insert into cursorDiskKV values ('bubbleId:c-blob:m-1', cast('{"bubbleId":"m-1","type":1,"text":"grüße","createdAt":"2026-06-01T08:00:00.000Z"}' || char(0) as blob));
insert into cursorDiskKV values ('bubbleId:c-blob:m-2', cast('{"bubbleId":"m-2","type":2,"text":"on","createdAt":"2026-06-01T08:00:01.000Z","tokenCount":{"inputTokens":9,"outputTokens":2},"modelInfo":{"modelName":"gpt-5"}}' || char(0) || char(0) as blob));
insert into cursorDiskKV values ('bubbleId:c-blob:m-3', '{"bubbleId":"m-3","type":2,"text":"done","createdAt":"2026-06-01T08:00:02.000Z","tokenCount":{"inputTokens":7,"outputTokens":1},"modelInfo":{"modelName":"gpt-5"}}' || char(0));
