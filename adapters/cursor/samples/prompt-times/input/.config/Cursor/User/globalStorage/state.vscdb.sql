create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);
insert into cursorDiskKV values ('composerData:c-t', '{"composerId":"c-t","createdAt":1780300700000,"lastUpdatedAt":1780309999000,"fullConversationHeadersOnly":[{"bubbleId":"a"},{"bubbleId":"b"},{"bubbleId":"c"},{"bubbleId":"d"},{"bubbleId":"e"}]}');
insert into cursorDiskKV values ('bubbleId:c-t:a', '{"type":1,"text":"one","modelInfo":{"modelName":"gpt-5"}}');
insert into cursorDiskKV values ('bubbleId:c-t:b', '{"type":2,"text":"x","timingInfo":{"clientStartTime":1780300800000}}');
insert into cursorDiskKV values ('bubbleId:c-t:c', '{"type":2,"text":"y","tokenCount":{"inputTokens":9,"outputTokens":1}}');
insert into cursorDiskKV values ('bubbleId:c-t:d', '{"type":1,"text":"two"}');
insert into cursorDiskKV values ('bubbleId:c-t:e', '{"type":2,"text":"z","timingInfo":{"clientStartTime":1780300860000}}');
