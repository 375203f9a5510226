import { describe, expect, test } from "vitest";
import { describeError, safeLog } from "./log.ts";

function written(write: (log: ReturnType<typeof safeLog>) => void): string {
  const lines: unknown[] = [];
  const sink = (message: string, fields: Record<string, unknown>) => lines.push({ message, ...fields });
  write(safeLog({ info: sink, warn: sink, error: sink }));
  return JSON.stringify(lines);
}

describe("the log", () => {
  test.each([
    ["a field named like a secret", { password: "hunter2" }],
    ["one deep inside", { login: [{ administrator: { userPassword: "hunter2" } }] }],
    ["a header", { headers: { Authorization: "hunter2", Cookie: "hunter2", "x-api-token": "hunter2" } }],
    ["an error's message", { error: new Error("hunter2") }],
    ["an error's cause", { error: new Error("x", { cause: new Error("hunter2") }) }],
    ["an address with a password", { text: "postgresql://dp_1:hunter2@db:5432/shop" }],
    ["a personal access token", { text: "Bearer dpt_01JD8Z5K3QW8R4T6Y2X9V7B1CN_hunter2hunter2" }],
    ["a shell line", { text: "PGPASSWORD='hunter2' psql" }],
    ["a JDBC address", { text: "jdbc:postgresql://db/shop?user=a&password=hunter2&ssl=true" }],
    ["a shell line of MySQL", { text: "MYSQL_PWD='hunter2' mysql" }],
    ["a verifier", { text: "SCRAM-SHA-256$4096:hunter2$hunter2" }],
  ])("strikes out %s", (_what, fields) => {
    expect(written((log) => log.error("failed", fields))).not.toContain("hunter2");
  });

  test("strikes out what a message holds", () => {
    expect(written((log) => log.info("at postgres://a:hunter2@db"))).not.toContain("hunter2");
  });

  test("leaves the rest alone", () => {
    const fields = { grantId: "grt_1", secretName: "daypass/a", attempts: 3, until: null };
    expect(written((log) => log.info("done", fields))).toBe(JSON.stringify([{ message: "done", ...fields }]));
  });

  test("an error is told by its class and where it was thrown", () => {
    const described = describeError(new RangeError("hunter2"));
    expect(described["error"]).toBe("RangeError");
    expect(described["at"]).toEqual(expect.arrayContaining([expect.stringContaining("log.test.ts")]));
    expect(JSON.stringify(described)).not.toContain("hunter2");
  });
});
