import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);
const folder = "test/architecture/planted";

/** The files of `planted/` are wrong on purpose and left out of every other check. */
describe("the checks catch", () => {
  test("an operation without a permission, and a write without its event", async () => {
    const output = await failing(process.execPath, ["node_modules/typescript-7/bin/tsc", "-p", folder]);
    expect(output).toMatch(
      /no-permission\.ts\(\d+,\d+\): error TS2322: Type '"everything\.open"' is not assignable/,
    );
    expect(output).toMatch(/no-event\.ts\(\d+,\d+\): error TS2322/);
    expect(output).not.toContain("not-awaited.ts");
  });

  test("an operation that nobody waits for, by the very rules of the tree", async () => {
    const config = JSON.parse(await readFile(".oxlintrc.json", "utf8")) as {
      ignorePatterns: string[];
      $schema?: string;
    };
    const temporary = await mkdtemp(join(tmpdir(), "daypass-lint-"));
    try {
      const { $schema: _unused, ...rules } = config;
      await writeFile(join(temporary, "oxlintrc.json"), JSON.stringify({ ...rules, ignorePatterns: [] }));
      const args = [
        "--type-aware",
        "--deny-warnings",
        "-f",
        "unix",
        "-c",
        join(temporary, "oxlintrc.json"),
        folder,
      ];
      const output = await failing("node_modules/.bin/oxlint", args);
      expect(output).toMatch(/not-awaited\.ts:\d+:\d+: .*no-floating-promises/);
    } finally {
      await rm(temporary, { recursive: true });
    }
  });
});

/** What a command that must fail printed. */
async function failing(command: string, args: string[]): Promise<string> {
  const outcome = await run(command, args).then(
    ({ stdout }) => ({ passed: true, stdout }),
    (error: { code?: unknown; stdout?: string }) => {
      if (typeof error.code !== "number" || error.stdout === undefined) throw error;
      return { passed: false, stdout: error.stdout };
    },
  );
  expect(outcome.passed, `${command} should have failed`).toBe(false);
  return outcome.stdout;
}
