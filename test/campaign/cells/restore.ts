import type { Cell, Finding } from "../cell.ts";
import { engineNames, type Promised } from "../guarantee.ts";
import { liveThrough, type Scenario } from "../live-through.ts";
import { putBack, remove, rowsOfGrant } from "../table-rows.ts";

/** What a backup brings back: accounts that were dropped, records that are behind. */
export const restores: readonly Cell[] = [
  cell("a snapshot of the database brings a dropped account back", ["G5"], true, {
    // By the database's own clock it would be good for minutes yet.
    leadMs: 600_000,
    sessions: 0,
    whileActive: async (stage) => {
      const restore = await stage.server.snapshot();
      await stage.house.end(stage.id);
      await stage.house.waitFor(
        "it is revoked",
        async () => (await stage.house.grant(stage.id)).state === "revoked",
        {
          stepMs: 5_000,
        },
      );
      stage.cleanUp = restore;
    },
    atEnd: async (stage) => {
      // Said rightly at its time; what comes back later is judged by when it goes.
      stage.witness.forgive();
      await stage.cleanUp();
      const cameBack = stage.house.clock.nowMs();
      return { from: "the account came back", ms: cameBack };
    },
    until: "absent",
  }),
  cell("the ledger loses the grant, and its account is nobody's", ["G5"], true, {
    leadMs: 600_000,
    sessions: 1,
    whileActive: async (stage) => {
      const { house, id } = stage;
      const rows = await rowsOfGrant(house, id);
      house.armed.timer = false;
      await remove(house, rows);
      await house.pass(16 * 60_000, 60_000);
      const refused = await stage.server.login(stage.account.name, stage.password);
      if (refused !== "refused") {
        await refused.close();
        stage.problems.push("G5: an orphan lets its holder in after 15 minutes");
      }
      if ((await stage.server.countSessions(stage.account)) > 0)
        stage.problems.push("G5: an orphan has a session after 15 minutes");
      // The backup of the ledger is found in the days of grace, and the grant ends as any other.
      await putBack(house, rows);
    },
    isClosedEarly: true,
  }),
  cell("the ledger is set back to before the end", ["G3"], false, {
    whileActive: async (stage) => {
      stage.cleanUp = async () => putBack(stage.house, await rows);
      const rows = rowsOfGrant(stage.house, stage.id);
      await rows;
    },
    atEnd: async (stage): Promise<Counted> => {
      const { house, id } = stage;
      await house.waitFor("it is revoked", async () => (await house.grant(id)).state === "revoked", {
        stepMs: 5_000,
      });
      await stage.cleanUp();
      return { from: "the fault is over", ms: house.clock.nowMs() };
    },
  }),
];

type Counted = { from: Finding["from"]; ms: number };

function cell(fault: string, promises: readonly Promised[], isShort: boolean, scenario: Scenario): Cell {
  return {
    group: "restore",
    layer: "all",
    fault,
    promises: [...promises, "G6"],
    isShort,
    engines: engineNames,
    run: (server) => liveThrough(server, scenario),
  };
}
