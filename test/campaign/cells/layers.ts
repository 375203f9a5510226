import { epochMs } from "@daypass/core/kernel/clock.ts";
import type { Cell } from "../cell.ts";
import { engineNames } from "../guarantee.ts";
import { liveThrough } from "../live-through.ts";

const group = "layers";

/** Each of the three layers with the other two switched off, and all of them with nothing in the way. */
export const layers: readonly Cell[] = [
  {
    group,
    layer: "database",
    fault: "no timer, no sweeper: all of ours is down",
    promises: ["G1", "G7"],
    isShort: true,
    engines: engineNames,
    run: (server) => liveThrough(server, { armed: { timer: false, sweeper: false }, until: "login refused" }),
  },
  {
    group,
    layer: "timer",
    fault: "no switch in the database, no sweeper",
    promises: ["G2", "G3", "G6", "G7"],
    isShort: true,
    engines: engineNames,
    run: (server) => liveThrough(server, { database: false, armed: { timer: true, sweeper: false } }),
  },
  {
    group,
    layer: "sweeper",
    fault: "no switch in the database, no timer",
    promises: ["G2", "G3", "G6", "G7"],
    isShort: true,
    engines: engineNames,
    run: (server) => liveThrough(server, { database: false, armed: { timer: false, sweeper: true } }),
  },
  {
    group,
    layer: "all",
    fault: "none",
    promises: ["G1", "G2", "G3", "G6", "G7"],
    isShort: true,
    engines: engineNames,
    run: (server) => liveThrough(server, {}),
  },
  {
    group,
    layer: "all",
    fault: "none: ended early by its holder",
    promises: ["G2", "G3", "G6"],
    isShort: true,
    engines: engineNames,
    run: (server) =>
      liveThrough(server, {
        leadMs: 60_000,
        whileActive: async ({ house, id }) => {
          await house.end(id);
        },
      }),
  },
  killSwitch("all", "person", "none: all access of its holder is ended", true),
  killSwitch("all", "instance", "none: all access on its instance is ended", false),
  killSwitch("sweeper", "person", "no timer: all access of its holder is ended", false),
  killSwitch("sweeper", "instance", "no timer: all access on its instance is ended", true),
  {
    group,
    layer: "all",
    fault: "none: extended, then the end",
    promises: ["G1", "G2", "G3", "G6", "G7"],
    isShort: false,
    engines: engineNames,
    run: (server) =>
      liveThrough(server, {
        whileActive: async (stage) => {
          const { house, id } = stage;
          const { endsAt } = await house.grant(id);
          await house.extend(id, 1);
          await house.waitFor("the database knows the later end", async () => {
            const grant = await house.grant(id);
            return grant.endsAt !== endsAt && grant.databaseEndsAt === grant.endsAt;
          });
          await house.clock.until(epochMs(endsAt ?? house.clock.now()) + 500);
        },
      }),
  },
];

/** Long before the database would do anything by itself. */
function killSwitch(
  layer: "all" | "sweeper",
  of: "person" | "instance",
  fault: string,
  isShort: boolean,
): Cell {
  return {
    group,
    layer,
    fault,
    promises: ["G2", "G3", "G6"],
    isShort,
    engines: engineNames,
    run: (server) =>
      liveThrough(server, {
        armed: { timer: layer === "all", sweeper: true },
        leadMs: 60_000,
        whileActive: ({ house }) => house.endAll(of),
      }),
  };
}
