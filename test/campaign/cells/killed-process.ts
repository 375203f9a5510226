import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { flavourUnderTest } from "../../engines/server-of-flavour.ts";
import { type Cell, type Finding, worstOf } from "../cell.ts";
import type { DatabaseServer } from "../database/database-server.ts";
import type { Stop } from "../effects.ts";
import { type EngineName, engineNames } from "../guarantee.ts";
import { type Installation, openInstallation } from "../installation.ts";
import { loggedIn } from "../witness.ts";

/** MySQL ends each session once, MariaDB all of a user until none is left. */
const whereMysqlRevokes = flavourUnderTest === "mysql" ? [1, 2, 4, 5, 6, 7] : [1, 2, 4, 6, 8, 10];

/** As the kill points, with a real process and a real SIGKILL; at some of the side effects, since each takes seconds. */
export const killedProcesses: readonly Cell[] = [
  cell("provision", { postgres: [1, 2, 3, 6, 10, 14], mysql: [1, 2, 3, 6, 9, 12] }, false),
  cell("revoke", { postgres: [1, 2, 4, 6, 8, 10], mysql: whereMysqlRevokes }, true),
];

function cell(
  step: "provision" | "revoke",
  places: Readonly<Record<EngineName, readonly number[]>>,
  isShort: boolean,
): Cell {
  return {
    group: "kill points",
    layer: "timer and sweeper",
    fault: `the broker's process is killed in the middle of ${step}, by SIGKILL`,
    promises: ["G2", "G3", "G6"],
    isShort,
    engines: engineNames,
    async run(server) {
      const findings: Finding[] = [];
      for (const at of places[server.engine]) {
        const stop: Stop = { at, side: at % 2 === 0 ? "after" : "before" };
        findings.push(await life(server, step, stop));
      }
      return worstOf(findings);
    },
  };
}

async function life(server: DatabaseServer, step: "provision" | "revoke", stop: Stop): Promise<Finding> {
  const house = await openInstallation(server, { armed: { timer: false, sweeper: false } });
  try {
    const problems: string[] = [];
    const { id } = await house.plan({ level: "write" });
    let close: () => Promise<void> = () => Promise.resolve();
    if (step === "revoke") {
      await house.turn(id);
      const grant = await house.grant(id);
      const session = await loggedIn(server, grant.account, await house.credential(grant));
      close = () => session.close().catch(() => undefined);
      await house.end(id);
    }
    const signal = await killed(house, id, stop);
    if (signal !== "SIGKILL") problems.push(`G6: it was not killed ${stop.side} side effect ${stop.at}`);
    if (step === "provision") await house.end(id);
    // Nobody but the sweeper knows of it now.
    house.armed.sweeper = true;
    await house.waitFor("it is revoked", async () => (await house.grant(id)).state === "revoked", {
      stepMs: 5_000,
    });
    const grant = await house.grant(id);
    const account = { name: grant.account, serverId: grant.serverId };
    for (const left of await server.leftovers(account)) problems.push(`G6: revoked, but there is ${left}`);
    if (await house.hasSecret(grant)) problems.push("G6: revoked, but its secret is there");
    await close();
    const droppedMs =
      epochMs(grant.revokedAt ?? house.clock.now()) - epochMs(grant.endsAt ?? grant.createdAt);
    return { from: "the end", loginMs: undefined, sessionMs: undefined, droppedMs, lives: 1, problems };
  } finally {
    await house.close();
  }
}

async function killed(house: Installation, id: Grant["id"], stop: Stop): Promise<NodeJS.Signals | null> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, "../broker-process.ts")],
    {
      env: {
        ...process.env,
        ...house.environment,
        CAMPAIGN_GRANT: id,
        CAMPAIGN_STOP_AT: String(stop.at),
        CAMPAIGN_STOP_SIDE: stop.side,
      },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  return new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));
}
