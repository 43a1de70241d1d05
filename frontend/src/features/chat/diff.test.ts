import { describe, expect, it } from 'vitest';
import { isDiff, parseDiff } from './diff';

const two = `--- a/internal/next.go
+++ b/internal/next.go
@@ -41,3 +41,4 @@ func Next()
 	u := t
-	for !s.match(u) {
+	for !s.match(u) || secondPass(u) {
+		u = u.Add(1)
 	}
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+hello
\\ No newline at end of file
`;

describe('parseDiff', () => {
  it('reads files, numbers and counts', () => {
    const [a, b] = parseDiff(two);
    expect(a).toMatchObject({ path: 'internal/next.go', was: '', state: 'changed', added: 2, removed: 1 });
    expect(a?.hunks[0]?.head).toBe('@@ -41,3 +41,4 @@ func Next()');
    expect(a?.hunks[0]?.lines.map((l) => [l.sign, l.old, l.now])).toEqual([
      [' ', 41, 41],
      ['-', 42, null],
      ['+', null, 42],
      ['+', null, 43],
      [' ', 43, 44],
    ]);
    expect(b).toMatchObject({ path: 'new.txt', state: 'made', added: 1, removed: 0 });
    expect(b?.hunks[0]?.lines).toHaveLength(1);
  });

  it('takes lines that look like headers as text while a hunk is open', () => {
    const [file, ...more] = parseDiff('--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a sentence\n+++ another\n @@ -9 +9 @@\n');
    expect(more).toEqual([]);
    expect(file?.hunks).toHaveLength(1);
    expect(file?.hunks[0]?.lines.map((l) => l.sign + l.text)).toEqual(['--- a sentence', '+++ another', ' @@ -9 +9 @@']);
  });

  it('keeps a sentence that stands in place of lines', () => {
    const cut = parseDiff('--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+b\n@@ the rest is not shown: 16 of 18 lines @@\n');
    expect(cut[0]?.hunks.map((h) => [h.head, h.lines.length])).toEqual([
      ['@@ -1,9 +1,9 @@', 2],
      ['the rest is not shown: 16 of 18 lines', 0],
    ]);
    const binary = parseDiff('--- a/x\n+++ b/x\n@@ the file is no text @@\n');
    expect(binary[0]?.hunks).toEqual([{ head: 'the file is no text', lines: [] }]);
  });

  it('names removed and renamed files', () => {
    expect(parseDiff('--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n')[0]).toMatchObject({ path: 'x', state: 'removed' });
    expect(parseDiff('--- a/x\t2026-01-01\n+++ b/y\t2026-01-01\n@@ -1 +1 @@\n-x\n+y\n')[0]).toMatchObject({
      path: 'y',
      was: 'x',
    });
  });

  it('marks what changed inside of a line, and not lines that share little', () => {
    const lines = (a: string, b: string) => parseDiff(`@@ -1 +1 @@\n-${a}\n+${b}\n`)[0]?.hunks[0]?.lines ?? [];
    const [was, now] = lines('match(u) {', 'match(u) || later {');
    expect(was?.mark).toBeNull();
    expect(now?.text.slice(...(now.mark ?? [0, 0]))).toBe('|| later ');
    expect(lines('abc', 'xyz').map((l) => l.mark)).toEqual([null, null]);
  });

  it('does not take other text for a diff, and survives a cut one', () => {
    expect(isDiff('--- a line\nof prose')).toBe(false);
    expect(isDiff('')).toBe(false);
    expect(parseDiff(two.slice(0, 90))[0]?.hunks[0]?.lines[0]?.text).toBe('\tu := t');
    for (let i = 0; i < two.length; i++) expect(() => parseDiff(two.slice(i))).not.toThrow();
  });
});
