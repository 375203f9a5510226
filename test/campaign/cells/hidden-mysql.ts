import { flavourWords } from "../../engines/flavours.ts";
import { openRawClient, type RawClient } from "../../engines/raw-mysql.ts";
import { flavourUnderTest } from "../../engines/server-of-flavour.ts";
import type { Cell } from "../cell.ts";
import type { DatabaseServer, OpenSession } from "../database/database-server.ts";
import { liveThrough, type Scenario, type Stage } from "../live-through.ts";
import { loggedIn } from "../witness.ts";

/** Sessions that do not show whose they are, and ends that are made to wait or to stop the server. */
export const hiddenMysql: readonly Cell[] = [
  cell("hides whose its session is, in a change of user that it never finishes", {
    whileActive: async (stage) => {
      const session = await raw(stage);
      await session.query("SET SESSION net_read_timeout = 31536000");
      await session.beginChangeOfUser("root");
    },
    after: stillReads,
  }),
  cell("hides whose its session is, in a view that calls a function of another, ended early", {
    level: "write",
    leadMs: 60_000,
    before: ({ server }) => codeOfAnother(server),
    whileActive: async (stage) => {
      await begin(await raw(stage), "SELECT * FROM slow_view");
      await stage.house.end(stage.id);
    },
    after: stillReads,
  }),
  cell("hides whose its session is, in a trigger of another", {
    level: "write",
    before: ({ server }) => codeOfAnother(server),
    whileActive: async (stage) => begin(await raw(stage), "INSERT INTO audited (id) VALUES (NULL)"),
    after: stillReads,
  }),
  cell("changes its password for ever, in eight sessions", {
    whileActive: async (stage) => {
      const sessions = await more(stage, 8);
      for (const session of sessions) void changePasswords(session, stage.password);
    },
  }),
  cell("leaves a prepared transaction (XA), and its session with it", {
    level: "write",
    whileActive: async (stage) => {
      const [session] = await more(stage, 1);
      for (const statement of [
        "XA START 'late'",
        "UPDATE customers SET note = 'late' WHERE id = 3",
        "XA END 'late'",
        "XA PREPARE 'late'",
      ]) {
        await session?.run(statement);
      }
      await session?.close();
    },
    until: "quarantined",
    after: async ({ house, id, server }) => {
      const { failure } = await house.grant(id);
      const statements = failure?.remedy.filter((text) => text.startsWith("XA ROLLBACK")) ?? [];
      for (const statement of statements) await server.byHand(server.database, statement);
      const isRevoked = async () => (await house.grant(id)).state === "revoked";
      await house.waitFor("it is revoked once that is gone", isRevoked, { stepMs: 10_000 });
      return statements.length === 1 ? [] : ["G6: the prepared transaction is not named"];
    },
  }),
  // When such a session ends is not promised; that it is told, and that the account is gone, is.
  cell(
    "runs a statement that does not notice its end",
    {
      whileActive: async (stage) => {
        const [session] = await more(stage, 1);
        // Some 15 s of it on either; MySQL takes ten times as long for each.
        const length = flavourUnderTest === "mysql" ? 200 : 3_000;
        const slow = `SELECT INSTR(CONCAT(REPEAT('a', 8000000), 'b'), CONCAT(REPEAT('a', ${length}), 'c'))`;
        void session?.run(slow).catch(() => undefined);
      },
    },
    ["G1", "G3", "G6", "G7"],
  ),
  cell("creates tables for ever, in eight sessions", {
    level: "ddl",
    scope: {
      kind: "objects",
      objects: Array.from({ length: 8 }, (_, place) => ({ schema: "shop_a", table: `t${place}` })),
    },
    whileActive: async (stage) => {
      for (const [place, session] of (await more(stage, 8)).entries()) {
        void session.run(`CREATE TABLE t${place} AS SELECT SLEEP(25) AS s`).catch(() => undefined);
      }
    },
  }),
];

function cell(
  fault: string,
  scenario: Scenario,
  promises: Cell["promises"] = ["G1", "G2", "G3", "G6", "G7"],
): Cell {
  return {
    group: "hostile",
    layer: "all",
    fault: `the account ${fault}`,
    promises,
    isShort: true,
    engines: ["mysql"],
    run: (server) => liveThrough(server, scenario),
  };
}

const kept = new WeakMap<Stage, RawClient>();

async function raw(stage: Stage): Promise<RawClient> {
  const { host, port } = stage.server.secret();
  const session = await openRawClient(
    { host: String(host), port: Number(port), username: stage.account.name, password: stage.password },
    stage.server.database,
  );
  kept.set(stage, session);
  return session;
}

/** The holder answers wrongly, or waits until the other's code is over, and goes on as before. */
async function stillReads(stage: Stage): Promise<string[]> {
  const session = kept.get(stage);
  if (session === undefined) return ["the session was never hidden"];
  await session.answerChangeOfUser(Buffer.from("01234567890123456789")).catch(() => undefined);
  const answer = await session.query("SELECT COUNT(*) FROM customers").catch(() => "refused" as const);
  const problems = answer === "refused" ? [] : ["G2: revoked, and a hidden session reads on"];
  if (!session.isClosed()) problems.push("G6: revoked, but there is a hidden session");
  session.close();
  return problems;
}

async function begin(session: RawClient, statement: string): Promise<void> {
  void session.query(statement).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
}

/** To what it is, so that the witness's password stays good. */
async function changePasswords(session: OpenSession, password: string): Promise<void> {
  while (session.isOpen()) {
    await session.run(flavourWords.setOwnPassword(password)).catch(() => undefined);
  }
}

async function more({ server, account, password, sessions }: Stage, count: number): Promise<OpenSession[]> {
  const opened: OpenSession[] = [];
  for (let n = 0; n < count; n += 1) opened.push(await loggedIn(server, account.name, password));
  sessions.push(...opened);
  return opened;
}

async function codeOfAnother(server: DatabaseServer): Promise<void> {
  await server.byHand(
    server.database,
    "SET GLOBAL log_bin_trust_function_creators = 1",
    "CREATE USER IF NOT EXISTS owner@'%' IDENTIFIED BY 'theirs'",
    "GRANT ALL ON *.* TO owner@'%'",
    "DROP FUNCTION IF EXISTS wait_a_while",
    `CREATE DEFINER = owner@'%' FUNCTION wait_a_while() RETURNS int READS SQL DATA BEGIN DECLARE done int; SELECT SLEEP(${pauseSeconds}) INTO done; RETURN 1; END`,
    "CREATE OR REPLACE DEFINER = owner@'%' VIEW slow_view AS SELECT wait_a_while() AS done",
    "CREATE TABLE IF NOT EXISTS audited (id int AUTO_INCREMENT PRIMARY KEY)",
    "DROP TRIGGER IF EXISTS audit",
    "CREATE DEFINER = owner@'%' TRIGGER audit BEFORE INSERT ON audited FOR EACH ROW SET @done = wait_a_while()",
  );
}

/** Where the true user is seen, nothing waits for the statement. */
const pauseSeconds = flavourUnderTest === "mysql" ? 600 : 12;
