import { describe, expect, it } from "vitest";
import type { InstanceView } from "../../lib/api.ts";
import { instanceStatus, remedies } from "./instance-status.ts";

type Check = InstanceView["inspection"]["checks"][number];
const check = (status: Check["status"], remedy: Check["remedy"] = []): Check => ({
  name: "x",
  status,
  message: "",
  remedy,
});
const inspection = (status: InstanceView["inspection"]["status"], checks: Check[] = []) => ({
  status,
  checks,
  startedAt: null,
  finishedAt: null,
  serverVersion: null,
  error: null,
});

describe("instanceStatus", () => {
  it("needs attention when something is missing, and not for a warning", () => {
    expect(instanceStatus(inspection("done", [check("ok"), check("missing")]))).toBe("attention");
    expect(instanceStatus(inspection("done", [check("warning")]))).toBe("done");
  });

  it("says that a test runs, whatever the last one found", () => {
    expect(instanceStatus(inspection("running", [check("missing")]))).toBe("running");
  });
});

describe("remedies", () => {
  it("gathers the statements of a database into one block, each once", () => {
    const grant = { database: "shop", sql: "GRANT a;" };
    expect(
      remedies([
        check("missing", [grant, { database: "postgres", sql: "ALTER x;" }]),
        check("missing", [grant, { database: "shop", sql: "GRANT b;" }]),
      ]),
    ).toEqual([
      { database: "shop", sql: "GRANT a;\nGRANT b;" },
      { database: "postgres", sql: "ALTER x;" },
    ]);
  });
});
