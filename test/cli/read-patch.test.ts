import { describe, expect, it } from 'vitest';
import { readPatch } from '../../src/cli/read-patch.ts';

const file = (path: string, more: object = {}) => ({
  path,
  old_path: null,
  operation: 'edit',
  added_line_count: 1,
  removed_line_count: 1,
  ...more,
});

describe('readPatch', () => {
  it('counts the lines of each file, headings within a hunk being lines', () => {
    expect(
      readPatch(`diff --git a/src/a.sql b/src/a.sql
index 1..2 100644
--- a/src/a.sql
+++ b/src/a.sql
@@ -1,3 +1,2 @@ select
 one
--- gone, a comment of SQL
-+++ gone too
+two
@@ -9 +8,2 @@
-nine
+eight
++++ more
\\ No newline at end of file
diff --git a/src/b.ts b/src/b.ts
--- a/src/b.ts
+++ b/src/b.ts
@@ -1 +1 @@
-x
+y
`),
    ).toEqual([file('src/a.sql', { added_line_count: 3, removed_line_count: 3 }), file('src/b.ts')]);
  });

  it('knows new, removed, renamed, binary and mode-only files, and quoted names', () => {
    expect(
      readPatch(`diff --git a/new.ts b/new.ts
new file mode 100644
--- /dev/null
+++ b/new.ts
@@ -0,0 +1,2 @@
+a
+b
diff --git a/old.ts b/old.ts
deleted file mode 100644
--- a/old.ts
+++ /dev/null
@@ -1 +0,0 @@
-a
diff --git a/one name.ts b/other name.ts
similarity index 100%
rename from one name.ts
rename to other name.ts
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/run me.sh b/run me.sh
old mode 100644
new mode 100755
diff --git "a/\\303\\244.ts" "b/\\303\\244.ts"
--- "a/\\303\\244.ts"
+++ "b/\\303\\244.ts"
@@ -1 +1 @@
-x
+y
`),
    ).toEqual([
      file('new.ts', { operation: 'create', added_line_count: 2, removed_line_count: 0 }),
      file('old.ts', { operation: 'delete', added_line_count: 0 }),
      file('other name.ts', {
        old_path: 'one name.ts',
        operation: 'rename',
        added_line_count: 0,
        removed_line_count: 0,
      }),
      file('logo.png', { added_line_count: null, removed_line_count: null }),
      file('run me.sh', { added_line_count: 0, removed_line_count: 0 }),
      file('ä.ts'),
    ]);
  });

  it('reads what diff -u writes, Windows line ends too', () => {
    const text =
      '--- src/a.ts\t2026-05-01 10:00:00\n+++ src/a.ts\t2026-05-01 10:01:00\n@@ -1 +1 @@\n-x\n+y\n--- src/b.ts\n+++ src/b.ts\n@@ -1 +1 @@\n-x\n+y\n';
    const expected = [file('src/a.ts'), file('src/b.ts')];
    expect(readPatch(text)).toEqual(expected);
    expect(readPatch(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('finds nothing in what is no patch', () => {
    expect(readPatch('hello\n--- world\n')).toEqual([]);
    expect(readPatch('')).toEqual([]);
  });
});
