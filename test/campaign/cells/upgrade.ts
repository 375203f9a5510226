import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Grant } from "@daypass/core/grant/grant.ts";
import { epochMs } from "@daypass/core/kernel/clock.ts";
import { type Cell, type Finding, worstOf } from "../cell.ts";
import type { DatabaseServer } from "../database/database-server.ts";
import { engineNames } from "../guarantee.ts";
import { type Installation, openInstallation } from "../installation.ts";
import { putBack } from "../table-rows.ts";

type Row = Record<string, unknown> & { grant: Grant };

/** Records and the timer's definition as an earlier release wrote them; never changed, only added to. */
const release = "2026-11";
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../fixtures", `${release}-${name}.json`), "utf8");
/** The ULID of the one request that all of them came from. */
const recordedId = "01KTP41YG0000000000000000E";
const states = Object.keys(JSON.parse(fixture("grants")) as Record<string, Row>);

export const upgrades: readonly Cell[] = [
  cell("timer", `executions of the definition of ${release}, over records of ${release} in every state`),
  cell("sweeper", `records of ${release} in every state`),
];

function cell(layer: "timer" | "sweeper", fault: string): Cell {
  return {
    group: "upgrade",
    layer,
    fault,
    promises: ["G3", "G6"],
    isShort: layer === "sweeper",
    engines: engineNames,
    async run(server) {
      const findings: Finding[] = [];
      for (const state of states) findings.push(await finish(server, layer, state));
      return worstOf(findings);
    },
  };
}

/** A record of then, and its account on the server, with the code of now. */
async function finish(server: DatabaseServer, layer: "timer" | "sweeper", state: string): Promise<Finding> {
  const armed = { timer: layer === "timer", sweeper: layer === "sweeper" };
  const house = await openInstallation(server, { armed });
  try {
    const row = rowOf(house, server, layer, state);
    const { id } = row.grant;
    if (state !== "planned") await makeAccount(house, row.grant);
    await putBack(house, [row]);
    const upgradedAt = house.clock.nowMs();
    if (armed.timer) await house.startUnder(fixture("workflow"), id);
    const isRevoked = async () => (await house.grant(id)).state === "revoked";
    if (state === "planned") {
      const isActive = async () => (await house.grant(id)).state === "active";
      await house.waitFor("it is active", isActive, { stepMs: 5_000 });
      await house.pass(3_600_000, 300_000);
    }
    await house.waitFor(`what was ${state} is revoked`, isRevoked, { stepMs: 5_000 });
    const grant = await house.grant(id);
    const from = Math.max(upgradedAt, epochMs(grant.endsAt ?? grant.createdAt));
    const left = await server.leftovers({ name: grant.account, serverId: grant.serverId });
    const hasSecret = await house.hasSecret(grant);
    return {
      from: "the upgrade",
      loginMs: undefined,
      sessionMs: undefined,
      droppedMs: epochMs(grant.revokedAt ?? house.clock.now()) - from,
      lives: 1,
      problems: [
        ...left.map((what) => `G6: what was ${state} is revoked, but there is ${what}`),
        ...(hasSecret ? [`G6: what was ${state} is revoked, but its secret is there`] : []),
      ],
    };
  } finally {
    await house.close();
  }
}

/** Each with an id of its own: MariaDB's register never opens an account again that it saw closed. */
function rowOf(house: Installation, server: DatabaseServer, layer: "timer" | "sweeper", state: string): Row {
  const { environment, instance, database } = house.registered;
  const own = `${recordedId.slice(0, -2)}${layer === "timer" ? "T" : "S"}${states.indexOf(state)}`;
  const names: Record<string, string> = {
    "<environment>": environment.id,
    "<instance>": instance.id,
    "<database>": database.id,
    "<network>": instance.networkId,
    "<holder>": house.world.people.engineer.id,
    "<database name>": server.database,
    '"engine":"postgres"': `"engine":"${server.engine}"`,
    [recordedId]: own,
    [recordedId.toLowerCase()]: own.toLowerCase(),
  };
  let text = JSON.stringify((JSON.parse(fixture("grants")) as Record<string, Row>)[state]);
  for (const [name, value] of Object.entries(names)) text = text.replaceAll(name, value);
  return JSON.parse(text) as Row;
}

/** The account that the record tells of, good for minutes yet by the server's clock. */
async function makeAccount(house: Installation, grant: Grant): Promise<void> {
  const ctx = house.context();
  const server = await ctx.accountServer(house.registered.instance);
  try {
    const { account: name, id: grantId, level, scope, database } = grant;
    const address = { engine: database.engine, ...server.address, dbname: database.name };
    const credential = { ...address, username: name, password: ctx.newPassword() };
    const password = await ctx.grantSecrets.create(grant.secretName, credential, grantId);
    const plan = { name, grantId, database: database.name, level, scope, expiresAtMs: Date.now() + 600_000 };
    await server.provision(plan, password);
    if (grant.state === "quarantined") await server.denyLogin({ name, grantId });
  } finally {
    await server.close();
  }
}
