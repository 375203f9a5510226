import { expect, test } from "vitest";
import { cachingSha2Hash, sha256Crypt } from "./caching-sha2.ts";
import { nativePasswordHash } from "./native-password.ts";

// What crypt(3) answers.
test.each([
  ["Hello world!", "saltstring", "5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"],
  ["p", "abcdefghijklmnop", "vXD05DVGsK2vFfQO5gPt/XoC/3B1OT5IFp4hcYy6Lz4"],
  [
    "a longer passphrase that is beyond thirty-two bytes é",
    "saltstringsaltst",
    "ziXiw/U0uKN5CEgH0JqV2wzcPPeWCIs60WqWA03j6wA",
  ],
])("SHA-crypt of %s", (password, salt, expected) => {
  expect(sha256Crypt(password, salt, 5_000)).toBe(expected);
});

test("caching_sha2_password gets 70 characters with a salt that no two share", () => {
  const hashes = [cachingSha2Hash("secret"), cachingSha2Hash("secret")].map((hash) =>
    hash.toString("latin1"),
  );
  for (const hash of hashes) expect(hash).toMatch(/^\$A\$005\$[./0-9A-Za-z]{63}$/);
  expect(hashes[0]).not.toBe(hashes[1]);
});

test("mysql_native_password gets what PASSWORD() answers", () => {
  expect(nativePasswordHash("mypass")).toBe("*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4");
});
