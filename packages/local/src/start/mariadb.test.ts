import { expect, test } from "vitest";
import { mariadbLine } from "./mariadb.ts";

test("a machine without MariaDB is told what to install", () => {
  expect(mariadbLine({ is: "missing" })).toBe(
    "none on this machine; apt-get install mariadb-server, and start again",
  );
});

test("a MariaDB that failed says why", () => {
  expect(mariadbLine({ is: "failed", message: "MariaDB did not start; its log is x" })).toMatch(
    /did not start/,
  );
});
