import { describe, expect, test } from "vitest";
import { rightsOf } from "./rights.ts";
import { compareGrants, parseGrant } from "./show-grants.ts";

const dialect = { plainDatabaseNames: false };
const meant = rightsOf({ level: "read", database: "shop_a" }, [{ name: "orders", isView: false }]);
const compare = (...lines: string[]) => compareGrants(lines.map(parseGrant), meant, dialect);

const usage =
  "GRANT USAGE ON *.* TO `dp_1`@`%` IDENTIFIED BY PASSWORD '*SECRET' REQUIRE SSL WITH MAX_UPDATES_PER_HOUR 1234567890 MAX_USER_CONNECTIONS 10 MAX_STATEMENT_TIME 1800.000000";
const table = "GRANT SELECT, SHOW VIEW ON `shop_a`.`orders` TO `dp_1`@`%`";

test("MySQL puts no space behind the commas of its dynamic rights", () => {
  const line =
    "GRANT APPLICATION_PASSWORD_ADMIN,CONNECTION_ADMIN,ROLE_ADMIN ON *.* TO `admin`@`%` WITH GRANT OPTION";
  expect(parseGrant(line)).toEqual({
    privileges: ["APPLICATION_PASSWORD_ADMIN", "CONNECTION_ADMIN", "ROLE_ADMIN"],
    object: "*.*",
    grantable: true,
  });
});

describe("what SHOW GRANTS says is compared word by word", () => {
  test("as it was meant", () => {
    expect(compare(usage, table)).toEqual({ extra: [], missing: [], toGive: [] });
  });

  test.each([
    [
      "one more privilege",
      "GRANT SELECT, INSERT, SHOW VIEW ON `shop_a`.`orders` TO `dp_1`@`%`",
      "INSERT on `shop_a`.`orders`",
    ],
    [
      "the same on the whole database",
      "GRANT SELECT, SHOW VIEW ON `shop\\_a`.* TO `dp_1`@`%`",
      "SELECT, SHOW VIEW on `shop\\_a`.*",
    ],
    ["a pattern that is wild", "GRANT SELECT ON `shop_a`.* TO `dp_1`@`%`", "SELECT on `shop_a`.*"],
    ["everything", "GRANT ALL PRIVILEGES ON *.* TO `dp_1`@`%`", "ALL PRIVILEGES on *.*"],
    [
      "giving on",
      "GRANT SELECT, SHOW VIEW ON `shop_a`.`orders` TO `dp_1`@`%` WITH GRANT OPTION",
      "may give its rights on `shop_a`.`orders` to others",
    ],
    [
      "giving on, between limits",
      "GRANT USAGE ON *.* TO `dp_1`@`%` WITH GRANT OPTION MAX_QUERIES_PER_HOUR 3",
      "may give its rights on *.* to others",
    ],
    ["another table", "GRANT SELECT ON `payroll`.`salaries` TO `dp_1`@`%`", "SELECT on `payroll`.`salaries`"],
    [
      "a column",
      "GRANT SELECT (`amount`, `id`) ON `payroll`.`salaries` TO `dp_1`@`%`",
      "GRANT SELECT (`amount`, `id`) ON `payroll`.`salaries`",
    ],
    [
      "a routine",
      "GRANT EXECUTE ON PROCEDURE `shop_a`.`p` TO `dp_1`@`%`",
      "GRANT EXECUTE ON PROCEDURE `shop_a`.`p`",
    ],
    ["a role", "GRANT `auditors` TO `dp_1`@`%`", "GRANT `auditors`"],
    [
      "a default role",
      "SET DEFAULT ROLE `auditors` FOR `dp_1`@`%`",
      "SET DEFAULT ROLE `auditors` FOR `dp_1`@`%`",
    ],
    ["acting for another", "GRANT PROXY ON ''@'' TO 'dp_1'@'%'", "GRANT PROXY ON ''@''"],
    [
      "a name that is made to mislead",
      "GRANT INSERT ON `a`` TO x`.* TO `dp_1`@`%`",
      "INSERT on `a`` TO x`.*",
    ],
  ])("%s is found", (_what, line, sentence) => {
    expect(compare(usage, table, line).extra).toContain(sentence);
  });

  test("what is missing is found", () => {
    expect(compare(usage, "GRANT SELECT ON `shop_a`.`orders` TO `dp_1`@`%`")).toEqual({
      extra: [],
      missing: ["SHOW VIEW on `shop_a`.`orders`"],
      toGive: meant,
    });
    expect(compare(usage).missing).toEqual(["SELECT, SHOW VIEW on `shop_a`.`orders`"]);
  });

  test.each([
    "x WITH GRANT OPTION ",
    "a` TO `dp_1`@`%` WITH GRANT OPTION",
    "a\nWITH GRANT OPTION\nb",
    'it\'s "quoted" \\ 50%_.*',
  ])("a table that is named %j is what it is, and nothing else", (name) => {
    const rights = rightsOf({ level: "read", database: "d`.`_" }, [{ name: `${name}y`, isView: false }]);
    const line = `GRANT SELECT, SHOW VIEW ON \`d\`\`.\`\`_\`.\`${name.replaceAll("`", "``")}y\` TO \`dp_1\`@\`%\``;
    expect(compareGrants([parseGrant(line)], rights, dialect)).toEqual({
      extra: [],
      missing: [],
      toGive: [],
    });
    const given = compareGrants([parseGrant(`${line} WITH GRANT OPTION`)], rights, dialect);
    expect(given.extra).toHaveLength(1);
  });

  test("no hash comes out of it", () => {
    expect(JSON.stringify(parseGrant(usage))).not.toContain("SECRET");
    expect(JSON.stringify(parseGrant("GRANT `r` TO `x` IDENTIFIED BY PASSWORD '*SECRET'"))).not.toContain(
      "SECRET",
    );
  });
});
