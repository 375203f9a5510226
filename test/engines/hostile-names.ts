/** The file that appears where a name was run as a command. */
export const sideEffect = "a-name-was-run";

/** What every engine here takes as the name of a database, a schema, a table, a column, a function. */
const everywhere: readonly string[] = [
  "it's",
  `quote"d`,
  "tick`ed",
  `all'of"the\`m`,
  "sp ace",
  " leading space",
  "per%cent",
  "under_score",
  "-da-sh",
  "back\\slash",
  "ends\\",
  "do.t",
  "do$llar",
  "UPPER lower",
  "größe 表",
  "cafe\u0301",
  "right\u202etoleft",
  "mark\u200fed",
  "new\nline",
  "tab\tbed",
  "escape\u001b[201~d",
  "semi; colon -- comment",
  "slash/*star*/",
  "a=b",
  ":HOME",
  "#hash",
  "@at",
  "%(s)s",
  "__proto__",
  "<b>&amp;</b>",
  "'; DROP TABLE customers; --",
  `\`touch ${sideEffect}\``,
  `$(touch ${sideEffect})`,
  `\\! touch ${sideEffect}`,
  `|touch ${sideEffect}`,
  `\\! touch ${sideEffect}\n\\! touch ${sideEffect}`,
  `'"\`;\n\\! touch ${sideEffect}\n--x`,
  "no\u00a0break",
  "filled\u3164out\ufe0f",
  "{",
  "+plus",
  "dbname=postgres",
];

/** 63 bytes, as much as PostgreSQL keeps. */
const longest = "ü".repeat(31).concat("x");

export const postgresNames: readonly string[] = [
  ...everywhere,
  longest,
  "trailing space ",
  "trailing newline\n",
  "👩‍👩‍👧 🎉",
  "postgresql://elsewhere/postgres",
  ".",
  "..",
  '""',
  "''",
];

/** 64 characters; in a grant each underscore takes one more. MySQL keeps no characters beyond the basic plane, and none
 * that end with a space. */
export const mysqlNames: readonly string[] = [
  ...everywhere,
  "ü".repeat(64),
  "_".repeat(64),
  "☂ ✂",
  "``",
  "''",
];
