import { expect, test } from "vitest";
import { logEntryOf } from "./function-logs.ts";

test("a line of a function's logger is filed under the function", () => {
  const line = `${JSON.stringify({ level: "INFO", message: "done", function_name: "daypass-api", service: "api" })}\n`;
  expect(logEntryOf(line)).toEqual({ name: "daypass-api", level: "INFO", message: "done", isWarning: false });
});

test.each(["WARN", "error", "CRITICAL"])("%s is shown on the terminal", (level) => {
  expect(logEntryOf(JSON.stringify({ level, message: "m", service: "broker" }))?.isWarning).toBe(true);
});

test("a name cannot leave the folder of the logs", () => {
  expect(logEntryOf(JSON.stringify({ level: "INFO", service: "../../x/y" }))?.name).toBe("______x_y");
});

test.each(["Daypass is ready\n", "{broken", '{"no":"level"}', "null", '["a"]'])(
  "%j stays on the terminal",
  (text) => {
    expect(logEntryOf(text)).toBeUndefined();
  },
);
