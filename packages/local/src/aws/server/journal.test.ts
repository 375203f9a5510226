import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "./folder-lock.ts";
import { openJournal } from "./journal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (): string => join(folder, "state", "things.jsonl");

test("what was committed is there after the file is opened again", () => {
  const first = openJournal(path());
  const things = first.table<{ n: number }>("thing");
  first.commit(things.put("a", { n: 1 }), things.put("b", { n: 2 }));
  first.commit(things.drop("a"), things.put("b", { n: 3 }));
  first.close();
  const again = openJournal(path()).table<{ n: number }>("thing");
  expect([...again.entries()]).toEqual([["b", { n: 3 }]]);
});

test("the file and its folder can be read by their owner alone", () => {
  openJournal(path()).close();
  expect(statSync(path()).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "state")).mode & 0o777).toBe(0o700);
});

test("a commit that a crash cut off is as if it had never been", () => {
  const first = openJournal(path());
  first.commit(first.table<number>("n").put("a", 1));
  first.close();
  appendFileSync(path(), '[["n","a",2],["n","b"');
  const again = openJournal(path());
  expect([...again.table<number>("n").entries()]).toEqual([["a", 1]]);
  again.commit(again.table<number>("n").put("c", 3));
  again.close();
  expect([...openJournal(path()).table<number>("n").entries()]).toEqual([
    ["a", 1],
    ["c", 3],
  ]);
});

test("a damaged line in the middle is refused, not skipped", () => {
  openJournal(path()).close();
  writeFileSync(path(), 'nonsense\n[["n","a",1]]\n');
  expect(() => openJournal(path())).toThrow();
});

test("an erased value is in no byte of the file", () => {
  const journal = openJournal(path());
  const table = journal.table<string>("s");
  journal.commit(table.put("a", "the-value-to-erase"));
  expect(readFileSync(path(), "utf8")).toContain("the-value-to-erase");
  journal.commitAndErase(table.put("a", "other"));
  expect(readFileSync(path(), "utf8")).not.toContain("the-value-to-erase");
});

test("a file of superseded rows is rewritten, so that it does not grow with history", () => {
  const journal = openJournal(path());
  const table = journal.table<string>("s");
  for (let i = 0; i < 20_000; i += 1) journal.commit(table.put("only", `value ${i}`));
  expect(statSync(path()).size).toBeLessThan(300_000);
  journal.close();
  expect(openJournal(path()).table<string>("s").get("only")).toBe("value 19999");
});

test("a folder is held by one system at a time, and a lock left by a dead process is taken over", () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/in use/);
  lock.release();
  writeFileSync(join(folder, "lock"), "999999999 1");
  lockFolder(folder).release();
  writeFileSync(join(folder, "lock"), `${process.pid} 1`);
  lockFolder(folder).release();
});
