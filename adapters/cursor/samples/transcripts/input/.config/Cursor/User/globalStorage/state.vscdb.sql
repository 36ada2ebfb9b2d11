create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);
insert into cursorDiskKV values ('composerData:aaaa', '{"composerId":"aaaa","createdAt":1780300800000,"fullConversationHeadersOnly":[]}');
insert into cursorDiskKV values ('composerData:dddd', '{"composerId":"dddd","createdAt":1780300800000,"lastUpdatedAt":1780300802000,"fullConversationHeadersOnly":[{"bubbleId":"m1","type":1},{"bubbleId":"m2","type":2}]}');
insert into cursorDiskKV values ('bubbleId:dddd:m1', '{"bubbleId":"m1","type":1,"text":"hello","createdAt":"2026-06-01T08:00:00.000Z"}');
insert into cursorDiskKV values ('bubbleId:dddd:m2', '{"bubbleId":"m2","type":2,"text":"","createdAt":"2026-06-01T08:00:02.000Z","toolFormerData":{"name":"run_terminal_command_v2","toolCallId":"call_9","status":"completed","params":"{\"command\":\"pwd\"}","result":"{\"exitCode\":0}"}}');
