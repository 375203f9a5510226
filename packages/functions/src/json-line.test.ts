import { afterEach, expect, test, vi } from "vitest";
import { writeLogLine, writeMetrics } from "./json-line.ts";

const from = { service: "", stack: "", requestId: "r" };
const trace = "1-5759e988-bd862e3fe1be46a994272793";
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function written(write: () => void): Record<string, unknown>[] {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  write();
  return lines.map((line) => {
    expect(line).toMatch(/^\{[^\n]*\}\n$/);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

test("a line is one JSON object with level, time, service and what was said", () => {
  const [line] = written(() => writeLogLine("WARN", "broker", "slow", { ms: 3n, text: "two\nlines" }));
  expect(line).toMatchObject({
    level: "WARN",
    service: "broker",
    message: "slow",
    ms: "3",
    text: "two\nlines",
  });
  expect(line?.["timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("lines and metrics of an invocation carry its trace, and nothing else of it", () => {
  vi.stubEnv("_X_AMZN_TRACE_ID", `Root=${trace};Parent=557abcec3ee5a047;Sampled=1`);
  const lines = written(() => {
    writeLogLine("INFO", "api", "request", {});
    writeMetrics({ ...from, service: "api", stack: "test" }, { RequestFaults: 1 });
  });
  expect(lines.map((line) => line["xray_trace_id"])).toEqual([trace, trace]);
  expect(JSON.stringify(lines)).not.toContain("557abcec3ee5a047");
});

test.each(["", "Root=hunter2", `Root=${trace}"},{"a":"`, "Sampled=1"])("%j is no trace", (value) => {
  vi.stubEnv("_X_AMZN_TRACE_ID", value);
  expect(written(() => writeLogLine("INFO", "api", "x", {}))[0]).not.toHaveProperty("xray_trace_id");
});

test("metrics are what CloudWatch reads from a log: named, with units, by stack alone", () => {
  const [line] = written(() =>
    writeMetrics({ ...from, service: "notify", stack: "prod" }, { GrantsRevoked: 1, RevocationLag: 2.5 }),
  );
  expect(line).toMatchObject({
    stack: "prod",
    GrantsRevoked: 1,
    RevocationLag: 2.5,
    _aws: {
      Timestamp: expect.any(Number) as number,
      CloudWatchMetrics: [
        {
          Namespace: "Daypass",
          Dimensions: [["stack"]],
          Metrics: [
            { Name: "GrantsRevoked", Unit: "Count" },
            { Name: "RevocationLag", Unit: "Seconds" },
          ],
        },
      ],
    },
  });
});

test("nothing is written when there is nothing to count, but a lag of nothing is", () => {
  expect(
    written(() =>
      writeMetrics({ ...from, service: "sweep", stack: "prod" }, { LateTurns: 0, FailedTurns: Number.NaN }),
    ),
  ).toEqual([]);
  expect(
    written(() => writeMetrics({ ...from, service: "notify", stack: "prod" }, { RevocationLag: 0 })),
  ).toHaveLength(1);
});
