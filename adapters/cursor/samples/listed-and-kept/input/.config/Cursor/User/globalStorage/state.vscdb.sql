create table ItemTable (key text unique on conflict replace, value blob);
create table cursorDiskKV (key text unique on conflict replace, value blob);
insert into ItemTable values ('composer.composerHeaders', '{"allComposers":[{"composerId":"c1","createdAt":1780300800000,"lastUpdatedAt":1780300900000}]}');
insert into cursorDiskKV values ('composerData:c1', '{"composerId":"c1","createdAt":1780300800000,"fullConversationHeadersOnly":[{"bubbleId":"m1","type":1},{"bubbleId":"m2","type":2}]}');
insert into cursorDiskKV values ('bubbleId:c1:m1', '{"bubbleId":"m1","type":1,"text":"go","createdAt":"2026-06-01T08:00:00.000Z"}');
insert into cursorDiskKV values ('bubbleId:c1:m2', '{"bubbleId":"m2","type":2,"text":"on","createdAt":"2026-06-01T08:00:01.000Z","tokenCount":{"inputTokens":9,"outputTokens":2}}');
