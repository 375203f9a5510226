import { flavourWords } from "../../engines/flavours.ts";
import { flavourUnderTest } from "../../engines/server-of-flavour.ts";
import type { Cell } from "../cell.ts";
import type { OpenSession } from "../database/database-server.ts";
import type { Promised } from "../guarantee.ts";
import { liveThrough, type Scenario, type Stage } from "../live-through.ts";
import { loggedIn } from "../witness.ts";
import { pestering } from "./pestering.ts";

/** The holder of an account of MariaDB or MySQL does everything to stay, or somebody else does something to it by hand. */
export const hostileMysql: readonly Cell[] = [
  cell("made tables, and is the definer of a view and a procedure", ["G1", "G2", "G3"], true, {
    level: "ddl",
    scope: {
      kind: "objects",
      objects: ["customers", "report"].map((table) => ({ schema: "shop_a", table })),
    },
    whileActive: async (stage) => {
      await act(stage, ["CREATE TABLE report AS SELECT * FROM customers"]);
      const { server, account } = stage;
      // What its level does not let it do, somebody did in its name.
      await server.byHand(
        server.database,
        `CREATE DEFINER='${account.name}'@'%' VIEW back_door AS SELECT * FROM customers`,
        `CREATE DEFINER='${account.name}'@'%' PROCEDURE back_stairs() SELECT * FROM customers`,
      );
    },
    // MySQL keeps an account that is a definer until these are gone.
    until: flavourUnderTest === "mysql" ? "quarantined" : "revoked",
    after: async ({ house, id, server }) => {
      const runs: string[] = [];
      const { failure, state } = await house.grant(id);
      const isNamed = failure?.blockers.some((blocker) => blocker.includes("back_door"));
      if (state === "quarantined" && !isNamed)
        runs.push("G6: it is quarantined and does not name what stands in the way");
      for (const use of ["SELECT * FROM back_door", "CALL back_stairs()"]) {
        const rows = await server.byHand(server.database, use).catch(() => []);
        if (rows.length > 0) runs.push(`G3: "${use}" still runs in the name of the account`);
      }
      await server.byHand(
        server.database,
        "DROP VIEW back_door",
        "DROP PROCEDURE back_stairs",
        "DROP TABLE report",
      );
      const isRevoked = async () => (await house.grant(id)).state === "revoked";
      await house.waitFor("it is dropped once the way is free", isRevoked, { stepMs: 10_000 });
      return runs;
    },
  }),
  cell("in open, idle and XA transactions, with locks of every kind", ["G1", "G2", "G3"], true, {
    level: "write",
    whileActive: async (stage) => {
      for (const statements of openTransactions) {
        const session = await another(stage);
        for (const statement of statements) await session.run(statement);
      }
      const busy = await another(stage);
      void busy.run("SELECT SLEEP(600)").catch(() => undefined);
    },
  }),
  cell("changed its own password and settings", ["G1", "G2", "G3"], true, {
    whileActive: async (stage) => {
      await act(stage, ["SET SESSION wait_timeout = 31536000", flavourWords.noStatementLimit]);
      await act(stage, [flavourWords.setOwnPassword("its-own-password")]);
      stage.passwords.push("its-own-password");
    },
  }),
  cell("took every prepared statement of the server", ["G1", "G2", "G3"], true, {
    whileActive: async (stage) => {
      const { server } = stage;
      await server.byHand(server.database, "SET GLOBAL max_prepared_stmt_count = 200");
      let isRefused = false;
      for (let held = 0; held < 300 && !isRefused; held += 1)
        isRefused = await act(stage, [`PREPARE s${held} FROM 'SELECT 1'`]).then(
          () => false,
          () => true,
        );
      if (!isRefused) stage.problems.push("the fault did not come about: statements are left");
    },
    after: async ({ server }) => {
      await server.byHand(server.database, "SET GLOBAL max_prepared_stmt_count = DEFAULT");
      return [];
    },
  }),
  cell("twelve clients reconnect for as long as they can, ended early", ["G2", "G3"], true, {
    leadMs: 60_000,
    whileActive: async (stage) => {
      stage.cleanUp = pestering(stage, 12);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await stage.house.end(stage.id);
    },
    after: async ({ cleanUp }) => {
      await cleanUp();
      return [];
    },
  }),
  cell("was dropped by hand; its sessions live on", ["G1", "G2", "G3"], true, {
    whileActive: async ({ server, account }) => {
      await server.byHand(server.database, `DROP USER '${account.name}'@'%'`);
    },
    isClosedEarly: true,
  }),
  cell("was given rights on everything by hand", ["G1", "G2", "G3"], false, {
    whileActive: async ({ server, account }) => {
      await server.byHand(
        server.database,
        `GRANT SELECT ON *.* TO '${account.name}'@'%'`,
        `GRANT ALL ON payroll.* TO '${account.name}'@'%' WITH GRANT OPTION`,
      );
    },
  }),
  cell("was renamed by hand, and given back its name 10 minutes later", ["G4"], false, {
    whileActive: async ({ server, account }) => {
      await server.byHand(server.database, `RENAME USER '${account.name}'@'%' TO 'elsewhere'@'%'`);
    },
    atEnd: async ({ house, id, server, account, problems }) => {
      await house.pass(600_000, 10_000);
      const { state, failure } = await house.grant(id);
      if (state === "revoked") problems.push("G6: revoked was said of an account that has another name");
      else if (!failure) problems.push(`G6: it is ${state}, and nothing says why`);
      await server.byHand(server.database, `RENAME USER 'elsewhere'@'%' TO '${account.name}'@'%'`);
      return { from: "the fault is over", ms: house.clock.nowMs() };
    },
    isClosedEarly: true,
  }),
];

const openTransactions = [
  ["START TRANSACTION", "UPDATE customers SET note = 'never' WHERE id = 1"],
  ["SELECT GET_LOCK('daypass', 1), GET_LOCK('reaper', 1)"],
  ["PREPARE one FROM 'SELECT * FROM customers'", "HANDLER customers OPEN"],
  ["XA START 'half'", "UPDATE customers SET note = 'half' WHERE id = 2"],
];

function cell(fault: string, promises: readonly Promised[], isShort: boolean, scenario: Scenario): Cell {
  return {
    group: "hostile",
    layer: "all",
    fault: `the account ${fault}`,
    promises: scenario.isClosedEarly ? [...promises, "G6"] : [...promises, "G6", "G7"],
    isShort,
    engines: ["mysql"],
    run: (server) => liveThrough(server, scenario),
  };
}

async function act({ sessions }: Stage, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sessions[0]?.run(statement);
}

async function another({ server, account, password, sessions }: Stage): Promise<OpenSession> {
  const session = await loggedIn(server, account.name, password);
  sessions.push(session);
  return session;
}
