import { type Item, priceTable } from "./price.ts";

/** What people do in a month. */
export type Workload = { grants: number; hours: number; statements: number };

/** What one grant takes, from the request to the last line about it. Counted on one machine where it could be (calls,
 * events, transitions), else estimated upwards. */
const ofGrant = {
  /** Pages looked at, forms sent, and the looks of pages that keep themselves fresh. */
  apiCalls: 120,
  apiSeconds: 0.08,
  /** Turns of the broker: provision, revoke, and one that comes too early. */
  turns: 3,
  turnSeconds: 1.5,
  transitions: 14,
  secretCalls: 8,
  mails: 5,
  /** Each with its state change in one transaction (twice the units), on the table and about four indexes. */
  events: 14,
  writeUnitsOfEvent: 30,
  readUnits: 1500,
  keptKb: 60,
  logKb: 150,
};
/** What one statement takes: a call of the API, the runner's time, and an event. */
const ofStatement = { runnerSeconds: 0.5, writeUnits: 30, readUnits: 10, keptKb: 3, logKb: 2 };
const memoryGb = { api: 1, data: 0.5, consumer: 0.5 };
/** Those of packages/functions/src/metric-names.ts that are written while things go well. */
const busyMetrics = 5;

export function workloadItems({ grants, hours, statements }: Workload): Item[] {
  const calls = grants * ofGrant.apiCalls + statements;
  const turns = grants * ofGrant.turns;
  const events = grants * ofGrant.events + statements;
  const keptGb = (grants * ofGrant.keptKb + statements * ofStatement.keptKb) / 1_000_000;
  const gbSeconds =
    calls * ofGrant.apiSeconds * memoryGb.api +
    turns * ofGrant.turnSeconds * memoryGb.data +
    statements * ofStatement.runnerSeconds * memoryGb.data +
    2 * events * 0.1 * memoryGb.consumer;
  const secretMonths = (grants * hours) / priceTable.hoursPerMonth;
  const writes = grants * ofGrant.events * ofGrant.writeUnitsOfEvent + statements * ofStatement.writeUnits;
  const reads = grants * ofGrant.readUnits + statements * ofStatement.readUnits;
  const logGb = (grants * ofGrant.logKb + statements * ofStatement.logKb) / 1_000_000;
  return [
    { what: `secrets of ${grants} grants for ${hours} hours`, price: "secretMonth", count: secretMonths },
    { what: "calls of Secrets Manager", price: "secretCall", count: grants * ofGrant.secretCalls },
    { what: "state transitions", price: "transition", count: grants * ofGrant.transitions },
    { what: "writes to the table and its indexes", price: "writeUnit", count: writes },
    { what: "reads of the table", price: "reservedRead", count: reads },
    { what: "what is kept in the table", price: "tableGbMonth", count: keptGb },
    { what: "its point-in-time recovery", price: "recoveryGbMonth", count: keptGb },
    {
      what: "invocations of all functions",
      price: "lambdaCall",
      count: calls + turns + statements + 2 * events,
    },
    { what: "their time", price: "lambdaGbSecond", count: gbSeconds },
    { what: "calls of the HTTP API", price: "gatewayCall", count: calls },
    { what: "requests at CloudFront", price: "edgeCall", count: calls + grants * 20 },
    { what: "runs of its functions", price: "edgeFunctionCall", count: calls + grants * 20 },
    { what: "data from CloudFront", price: "edgeGb", count: (calls * 6 + grants * 500) / 1_000_000 },
    { what: "objects of the archive", price: "objectPut", count: events },
    { what: "what is kept in the archive", price: "objectGbMonth", count: (events * 1.5) / 1_000_000 },
    { what: "mails", price: "mail", count: grants * ofGrant.mails },
    { what: "lines in the log", price: "logGb", count: logGb },
    { what: "traces, each call sampled", price: "trace", count: calls + turns },
    { what: "metrics, in every hour of the month", price: "customMetricMonth", count: busyMetrics },
  ];
}
