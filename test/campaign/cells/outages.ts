import { setTimeout as sleep } from "node:timers/promises";
import type { Cell, Finding } from "../cell.ts";
import { engineNames, type Promised } from "../guarantee.ts";
import type { Installation } from "../installation.ts";
import { liveThrough, type Scenario, type Stage } from "../live-through.ts";

const minute = 60_000;

/** The database server is away at the end, or does not let the administrator do what has to be done. */
export const databaseOutages: readonly Cell[] = [
  cell("the database is down for 1 minute", ["G4"], true, {
    atEnd: (stage) => down(stage, minute, 5_000),
  }),
  cell("the database is down for 30 minutes", ["G4"], false, {
    atEnd: (stage) => down(stage, 30 * minute, 30_000),
  }),
  cell("the database is down for 24 hours", ["G4"], true, {
    atEnd: (stage) => down(stage, 24 * 60 * minute, 5 * minute),
  }),
  cell("the database goes and comes six times", ["G4"], false, { atEnd: flapping }),
  cell("the administrator's password was changed, and its secret with it", ["G1", "G2", "G3"], false, {
    whileActive: async ({ house, server }) => {
      await server.rotate();
      await house.tellSecret();
    },
  }),
  cell("the administrator's password was changed, its secret 10 minutes later", ["G1", "G4"], false, {
    whileActive: ({ server }) => server.rotate(),
    atEnd: (stage) => until(stage, 10 * minute, () => stage.house.tellSecret()),
  }),
  cell("the administrator's rights are withdrawn for 10 minutes", ["G1", "G4"], true, {
    whileActive: ({ server }) => server.withdrawRights(),
    atEnd: (stage) => until(stage, 10 * minute, () => stage.server.restoreRights()),
  }),
  cell("all connection slots are taken for 10 minutes", ["G1", "G4"], false, {
    leadMs: 12_000,
    // Their end would make room.
    sessions: 0,
    whileActive: async (stage) => {
      stage.cleanUp = await stage.server.exhaust();
    },
    // MariaDB keeps one more for its administrator: there the account may go all the same.
    atEnd: (stage) =>
      until(stage, 10 * minute, () => stage.cleanUp(), { isFault: stage.server.engine !== "mysql" }),
  }),
];

/** What is ours in AWS fails, is slow, or answers twice. */
export const serviceOutages: readonly Cell[] = [
  cell("Secrets Manager fails for 10 minutes", ["G1", "G4"], true, {
    atEnd: (stage) => {
      const { faults } = stage.house.aws;
      faults.set("secretsmanager", [{ fault: "fail", error: "InternalServiceError", status: 500 }]);
      return until(stage, 10 * minute, async () => faults.clear());
    },
  }),
  cell("Secrets Manager is slow", ["G1", "G2", "G3"], false, {
    atEnd: async ({ house }) => {
      house.aws.faults.set("secretsmanager", [{ fault: "slow", delayMs: 1_500 }]);
    },
  }),
  cell("Secrets Manager does the work and loses the answer", ["G1", "G2", "G3"], false, {
    before: async ({ aws }) => {
      aws.faults.set("secretsmanager", [
        { fault: "lost-answer", operations: ["CreateSecret"], times: 1 },
        { fault: "lost-answer", operations: ["DeleteSecret"], times: 5 },
      ]);
    },
  }),
  cell("Step Functions starts no timer", ["G1", "G2", "G3"], true, {
    isMadeByHand: true,
    before: async ({ aws }) => {
      aws.faults.set("sfn", [{ fault: "fail", error: "InternalFailure", status: 500 }]);
    },
  }),
  cell("Step Functions starts two timers of one grant", ["G1", "G2", "G3"], false, {
    whileActive: ({ house, id }) => house.secondTimer(id),
  }),
  cell("Lambda: the broker fails for 10 minutes", ["G1", "G4"], false, {
    atEnd: (stage) => {
      stage.house.deliver = () => Promise.reject(new Error("the broker did not start"));
      return until(stage, 10 * minute, async () => delivered(stage.house));
    },
    isHidden: true,
  }),
  cell("Lambda: the broker works and its answer is lost, five times", ["G1", "G2", "G3"], false, {
    atEnd: async ({ house }) => {
      let lost = 0;
      house.deliver = async (call) => {
        const answer = await call();
        if ((lost += 1) <= 5) throw new Error("the answer is lost");
        return answer;
      };
    },
  }),
  cell("Lambda: every call arrives twice at once", ["G1", "G2", "G3"], true, {
    before: async (house) => {
      house.deliver = async (call) => (await Promise.all([call(), call()]))[0];
    },
  }),
  cell("Lambda: every call comes 3 s late", ["G1", "G2", "G3"], false, {
    atEnd: async ({ house }) => {
      house.deliver = async (call) => {
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        return call();
      };
    },
  }),
  cell("the table throttles, every second call", ["G1", "G2", "G3"], false, {
    atEnd: async ({ house }) => {
      house.world.table.dynamoDb.faults.set([{ fault: "throttling", probability: 0.5, seed: 3 }]);
    },
    after: cleared,
  }),
  cell("the table refuses transactions, three of four", ["G1", "G2", "G3"], false, {
    atEnd: async ({ house }) => {
      house.world.table.dynamoDb.faults.set([
        { fault: "transaction-conflict", operations: ["TransactWriteItems"], probability: 0.75, seed: 5 },
      ]);
    },
    after: cleared,
  }),
  cell("the table commits and loses the answer, every second time", ["G1", "G2", "G3"], true, {
    atEnd: async ({ house }) => {
      house.world.table.dynamoDb.faults.set([
        { fault: "lost-answer", operations: ["TransactWriteItems"], probability: 0.5, seed: 7 },
      ]);
    },
    after: cleared,
  }),
  cell("the table is slow, and its indexes lag by a minute", ["G1", "G2", "G3"], false, {
    before: async ({ world }) => {
      world.table.dynamoDb.faults.set([
        { fault: "slow", delayMs: 100 },
        { fault: "index-lag", lagMs: minute },
      ]);
    },
    after: cleared,
  }),
  cell("the table refuses everything of the broker's for 10 minutes", ["G1", "G4"], false, {
    atEnd: (stage) => {
      const { faults } = stage.house.world.table.dynamoDb;
      faults.set([{ fault: "throughput-exceeded", operations: ["TransactWriteItems"] }]);
      return until(stage, 10 * minute, async () => faults.set([]), { stepMs: minute });
    },
    isHidden: true,
  }),
];

function cell(fault: string, promises: readonly Promised[], isShort: boolean, outage: Scenario): Cell {
  return {
    group: "outages",
    layer: "all",
    fault,
    promises: outage.isHidden ? [...promises, "G7"] : [...promises, "G6", "G7"],
    isShort,
    engines: engineNames,
    run: (server) => liveThrough(server, outage),
  };
}

type Counted = { from: Finding["from"]; ms: number };

async function down({ house, server, id, problems }: Stage, forMs: number, stepMs: number): Promise<Counted> {
  await server.stop();
  await house.pass(forMs, stepMs);
  const { state, failure } = await house.grant(id);
  if (state !== "revoking" || failure?.reason !== "unreachable")
    problems.push(
      `G6: while the database was down it was ${state}, because of ${failure?.reason ?? "nothing"}`,
    );
  await server.start();
  return { from: "the database is back", ms: house.clock.nowMs() };
}

async function flapping({ house, server }: Stage): Promise<Counted> {
  for (let round = 0; round < 6; round += 1) {
    await server.stop();
    await house.pass(45_000, 5_000);
    await server.start();
    // So short that a revocation may have begun when it goes away again.
    await house.pass(5_000, 2_500);
  }
  return { from: "the database is back", ms: house.clock.nowMs() };
}

/** The server's own switch lives by real time: it gets its moment before ours is moved on. MariaDB's event looks every
 * five seconds. */
async function ownSwitchActs({ server }: Stage): Promise<void> {
  await sleep(server.engine === "mysql" ? 7_000 : 1_500);
}

async function until(
  stage: Stage,
  forMs: number,
  repair: () => Promise<void>,
  { stepMs = 10_000, isFault = true } = {},
): Promise<Counted> {
  const { house, id, problems } = stage;
  await ownSwitchActs(stage);
  await house.pass(forMs, stepMs);
  const { state, failure } = await house.grant(id);
  if (state === "revoked") {
    if (isFault) problems.push("G6: the fault was no fault, it was revoked meanwhile");
  } else if (!failure && !stage.isHidden) {
    problems.push(`G6: it is ${state}, and nothing says why`);
  }
  await repair();
  const overMs = house.clock.nowMs();
  // Where it was the administrator's rights that were gone, the event had none either until now.
  await ownSwitchActs(stage);
  return { from: "the fault is over", ms: overMs };
}

function delivered(house: Installation): void {
  house.deliver = (call) => call();
}

async function cleared({ house }: Stage): Promise<string[]> {
  house.world.table.dynamoDb.faults.set([]);
  return [];
}
