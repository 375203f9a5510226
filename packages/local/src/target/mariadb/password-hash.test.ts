import { expect, it } from "vitest";
import { passwordHash } from "./password-hash.ts";

it("is what the server's PASSWORD() says", () => {
  expect(passwordHash("mypass")).toBe("*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4");
});
