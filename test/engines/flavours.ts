import { flavourUnderTest } from "./server-of-flavour.ts";

/** What people, and these tests, say to MariaDB and to MySQL in different words. */
type FlavourWords = {
  /** User, Host and locked (0 or 1) of every account and role, as a table. */
  accounts: string;
  /** All that is known of each account, to compare it with later. */
  accountsInFull: string;
  /** The number of "account is locked" at a login. */
  lockedErrno: number;
  /** The same once the server ended the account by itself: MySQL drops it at once. */
  endedErrno: number;
  /** The right to end sessions of others. */
  killRight: string;
  /** Takes our mark from an account. */
  unmark(name: string): string;
  /** Switches the limit of a statement's time off. */
  noStatementLimit: string;
  killUser: string | undefined;
  integerType: string;
  majorVersion: number;
  /** Gives every account something, and what we say takes it back. */
  openToEverybody: readonly string[];
  closedToEverybody: string;
  setOwnPassword(password: string): string;
  /** What no level may do, in the words of this flavour alone. */
  neverAllowed: readonly string[];
};

const words: Record<typeof flavourUnderTest, FlavourWords> = {
  mariadb: {
    accounts:
      "(SELECT User, Host, CAST(COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) AS INT) AS locked FROM mysql.global_priv)",
    accountsInFull: "SELECT * FROM mysql.global_priv",
    lockedErrno: 4151,
    endedErrno: 4151,
    killRight: "CONNECTION ADMIN",
    unmark: (name) => `ALTER USER '${name}' WITH MAX_UPDATES_PER_HOUR 0`,
    noStatementLimit: "SET SESSION max_statement_time = 0",
    killUser: "KILL HARD USER daypass_admin",
    integerType: "int(11)",
    majorVersion: 10,
    openToEverybody: ["GRANT INSERT ON payroll.* TO PUBLIC"],
    closedToEverybody: "REVOKE INSERT ON `payroll`.* FROM PUBLIC;",
    setOwnPassword: (password) => `SET PASSWORD = PASSWORD('${password}')`,
    neverAllowed: ["SELECT * FROM mysql.global_priv"],
  },
  mysql: {
    accounts: "(SELECT User, Host, account_locked = 'Y' AS locked FROM mysql.user)",
    accountsInFull: "SELECT * FROM mysql.user",
    lockedErrno: 3118,
    endedErrno: 1045,
    killRight: "CONNECTION_ADMIN",
    unmark: (name) => `ALTER USER '${name}' ATTRIBUTE '{"daypass": null}'`,
    noStatementLimit: "SET SESSION max_execution_time = 0",
    killUser: undefined,
    integerType: "int",
    majorVersion: 9,
    openToEverybody: [
      "CREATE ROLE IF NOT EXISTS everybody",
      "GRANT INSERT ON payroll.* TO everybody",
      "SET GLOBAL mandatory_roles = 'everybody'",
    ],
    closedToEverybody: "SET PERSIST mandatory_roles = '';",
    setOwnPassword: (password) => `SET PASSWORD = '${password}'`,
    neverAllowed: [
      "SELECT * FROM mysql.user",
      `ALTER USER CURRENT_USER() ATTRIBUTE '{"daypass": null}'`,
      "ALTER USER CURRENT_USER() IDENTIFIED BY 'one' RETAIN CURRENT PASSWORD",
      "ALTER USER CURRENT_USER() REQUIRE NONE",
      "SET PERSIST max_connections = 1",
      "SET PERSIST mandatory_roles = ''",
      "SELECT * FROM performance_schema.events_statements_history",
      "CLONE LOCAL DATA DIRECTORY = '/tmp/daypass-never'",
    ],
  },
};

export const flavourWords = words[flavourUnderTest];
