import { describe, expect, test } from "vitest";
import { parseOptions } from "./options.ts";

describe("the command line", () => {
  test("without options compares every instance and repairs", () => {
    expect(parseOptions(["reconcile"])).toMatchObject({
      instances: [],
      dryRun: false,
      json: false,
      timeoutMs: 600_000,
    });
  });

  test("names instances, each once", () => {
    const options = parseOptions(["reconcile", "--instance", "a", "-i", "b", "--instance=a", "-n", "--json"]);
    expect(options).toMatchObject({ instances: ["a", "b"], dryRun: true, json: true });
  });

  test.each([
    ["90s", 90_000],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["15", 15_000],
  ])("reads the time %s", (text, ms) => {
    expect(parseOptions(["reconcile", "--timeout", text])).toMatchObject({ timeoutMs: ms });
  });

  test.each([
    [[], "Say what to do"],
    [["reconsile"], 'no command "reconsile"'],
    [["reconcile", "shop"], "one word too many"],
    [["reconcile", "--force"], "Unknown option '--force'"],
    [["reconcile", "--timeout", "soon"], "such as 90s"],
    [["reconcile", "--timeout", "0"], "such as 90s"],
    [["reconcile", "--instance"], "argument missing"],
  ])("refuses %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  test("takes no token, and does not repeat it", () => {
    expect(() => parseOptions(["reconcile", "--token", "dpt_secret"])).toThrow(
      /not taken from the command line/,
    );
    expect(() => parseOptions(["reconcile", "--token=dpt_secret"])).toThrow(
      /not taken from the command line/,
    );
    expect(() => parseOptions(["reconcile", "--token=dpt_secret"])).not.toThrow(/dpt_secret/);
  });

  test.each([[["--help"]], [["-h", "reconcile"]], [["help"]], [["help", "reconcile"]]])(
    "%j is for help",
    (args) => {
      expect(parseOptions(args)).toEqual({ command: "help" });
    },
  );
});
