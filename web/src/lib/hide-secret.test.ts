import { expect, test } from "vitest";
import { hideSecret } from "./hide-secret.ts";

test("a hidden password is in no line, plain or encoded", () => {
  const secret = "p/w 'x'+1";
  for (const line of [
    `postgresql://dp_1:${encodeURIComponent(secret)}@db.test:5432/shop`,
    `PGPASSWORD='p/w '\\''x'\\''+1' psql -h db.test`,
    `password=${secret}`,
  ]) {
    const shown = hideSecret(line, secret);
    expect(shown).toContain("••••");
    expect(shown).not.toContain("p/w");
    expect(shown).not.toContain("p%2Fw");
  }
});

test("a line without the password stays as it is", () => {
  expect(hideSecret("psql -h db.test", "secret")).toBe("psql -h db.test");
  expect(hideSecret("psql -h db.test", "")).toBe("psql -h db.test");
});
