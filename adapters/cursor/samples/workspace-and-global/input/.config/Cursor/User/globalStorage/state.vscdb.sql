create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);
insert into cursorDiskKV values ('composerData:c-both', '{"composerId":"c-both","createdAt":1780300800000,"lastUpdatedAt":1780300860000,"modelConfig":{"modelName":"gpt-5"},"fullConversationHeadersOnly":[{"bubbleId":"m1","type":1},{"bubbleId":"m2","type":2}]}');
insert into cursorDiskKV values ('bubbleId:c-both:m2', cast('{"bubbleId":"m2","type":2,"text":"yes","createdAt":null,"tokenCount":{"inputTokens":50,"outputTokens":5}}' as blob));
insert into cursorDiskKV values ('bubbleId:c-both:m1', '{"bubbleId":"m1","type":1,"text":"is it?","createdAt":null}');
insert into cursorDiskKV values ('bubbleId:c-both:zz', '{"bubbleId":"zz","type":2,"text":"cut o');
insert into cursorDiskKV values ('bubbleId:c-both:empty', null);
insert into cursorDiskKV values ('bubbleId:orphan:m1', '{"bubbleId":"m1","type":1,"text":"hello","createdAt":"2026-06-02T08:00:00.000Z"}');
