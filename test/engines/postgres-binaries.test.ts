import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { canEnter } from "@daypass/local/target/place.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { postgresBinaries, reachableBinaries } from "./postgres-binaries.ts";

const someoneElse = { uid: 65_534, gid: 65_534 };
let closed = "";
let open = "";

beforeEach(async () => {
  closed = await mkdtemp(join(tmpdir(), "daypass-closed-"));
  open = await mkdtemp(join(tmpdir(), "daypass-open-"));
  await chmod(open, 0o711);
});

afterEach(async () => {
  for (const folder of [closed, open]) await rm(folder, { recursive: true, force: true });
});

test("a server whose user cannot enter the checkout gets a copy that its user can run", async () => {
  const native = join(closed, "native");
  await cp(dirname(postgresBinaries()), native, { recursive: true, verbatimSymlinks: true });
  const bin = join(native, "bin");
  expect(await canEnter(bin, someoneElse)).toBe(false);
  const copy = join(open, "native");
  const copied = await reachableBinaries(bin, someoneElse, copy);
  expect(copied).toBe(join(copy, "bin"));
  expect(await canEnter(copied, someoneElse)).toBe(true);
  expect(await reachableBinaries(bin, someoneElse, copy)).toBe(copied);
});

test("a server that runs as the person who started it uses the binaries where they are", async () => {
  expect(await reachableBinaries(join(closed, "bin"), undefined)).toBe(join(closed, "bin"));
});
