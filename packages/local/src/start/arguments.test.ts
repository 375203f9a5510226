import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

test("without arguments nothing is reset and the usual port is taken", () => {
  expect(parseArguments([])).toEqual({ reset: false, help: false });
});

test("reset and port are understood together", () => {
  expect(parseArguments(["--reset", "--port", "8080"])).toEqual({ reset: true, help: false, port: 8080 });
});

test.each(["0", "70000", "-1", "80a", ""])("the port %j is refused", (port) => {
  expect(() => parseArguments([`--port=${port}`])).toThrow("--port takes a number");
});

test.each([["--rest"], ["reset"]])("%s is refused, not ignored", (argument) => {
  expect(() => parseArguments([argument])).toThrow(argument);
});
