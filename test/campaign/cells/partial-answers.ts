import { findReconciliation } from "@daypass/core/reconciliation/reconciliation.store.ts";
import { runReconciliation } from "@daypass/core/reconciliation/run-reconciliation.ts";
import type { Cell } from "../cell.ts";
import { engineNames } from "../guarantee.ts";
import { tolerant } from "../histories/tolerant.ts";
import type { Installation } from "../installation.ts";
import { liveThrough, type Stage } from "../live-through.ts";

const minute = 60_000;

/** DynamoDB reads a part of what was asked for, as it may at any time, and says so beside it. */
export const partialAnswers: readonly Cell[] = [
  cell("a kill switch, four of five keys unread", ["G2", "G3", "G6"], async (stage) => {
    inPart(stage.house, 0.8);
    await stage.house.endAll("instance");
    await endsWithin(stage, 2);
  }),
  cell("a kill switch, all keys unread for 5 minutes", ["G2", "G3", "G6"], async (stage) => {
    const { house } = stage;
    inPart(house, 1);
    await house.endAll("person");
    await house.pass(5 * minute, 30_000);
    whole(house);
    await endsWithin(stage, 2);
  }),
  cell(
    "a comparison, four of five keys unread",
    ["G1", "G2", "G3", "G6", "G7"],
    async ({ house, problems, account: own }) => {
      inPart(house, 0.8);
      const { id } = house.registered.instance;
      for (let times = 0; times < 6; times += 1) {
        // The sweeper's own may come first: that is an answer.
        await tolerant(() => runReconciliation(house.wrap(house.context("sweeper")), id));
      }
      whole(house);
      const { differences = [] } = (await findReconciliation(house.world, id)) ?? {};
      // Accounts of other cells are on the same server, and in no ledger but their own.
      for (const { kind, account } of differences)
        if (account === own.name) problems.push(`G7: ${account} was taken for ${kind}`);
    },
    12_000,
  ),
];

/** The end of a grant that is ended by a switch is far away: nothing else ends it. */
function cell(
  fault: string,
  promises: Cell["promises"],
  whileActive: (stage: Stage) => Promise<void>,
  leadMs = 10 * minute,
): Cell {
  return {
    group: "partial answers",
    layer: "all",
    fault,
    promises,
    isShort: true,
    engines: engineNames,
    run: (server) => liveThrough(server, { leadMs, whileActive }),
  };
}

function inPart({ world }: Installation, share: number): void {
  world.table.dynamoDb.faults.set([{ fault: "unprocessed-keys", share, seed: 5 }]);
}

function whole({ world }: Installation): void {
  world.table.dynamoDb.faults.set([]);
}

/** Of what was ordered to end, nothing is left running because somebody could not read it. */
async function endsWithin({ house, id, problems }: Stage, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes * minute; passed += 10_000) {
    if ((await house.grant(id)).state === "revoked") break;
    await house.pass(10_000);
  }
  const { state } = await house.grant(id);
  whole(house);
  if (state === "revoked") return;
  problems.push(`G2: ${minutes} minutes after the kill switch it is still ${state}`);
  await house.end(id);
}
