import { Entity, Service } from "electrodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Endpoint, openEndpoint } from "./endpoint.ts";
import { createTemporaryTable, deleteTable, failureOf } from "./tables.ts";

let endpoint: Endpoint;
let table: string;

beforeAll(async () => {
  endpoint = await openEndpoint();
  table = await createTemporaryTable(endpoint);
});
afterAll(async () => {
  await deleteTable(endpoint, table);
  await endpoint.close();
});

/** Entities as the application declares them: a record with its states, and the events that go with its moves. */
function service() {
  const Loan = new Entity(
    {
      model: { entity: "loan", version: "1", service: "contract" },
      attributes: {
        loanId: { type: "string", required: true },
        holder: { type: "string", required: true },
        state: { type: ["planned", "active", "ended"] as const, required: true },
        version: { type: "number", required: true, default: 1 },
        endsAt: { type: "number" },
        notes: { type: "list", items: { type: "string" } },
      },
      indexes: {
        byId: { pk: { field: "pk", composite: ["loanId"] }, sk: { field: "sk", composite: [] } },
        byHolder: {
          index: "gsi1",
          pk: { field: "gsi1pk", composite: ["holder"] },
          sk: { field: "gsi1sk", composite: ["endsAt", "loanId"] },
        },
        byState: {
          index: "gsi2",
          pk: { field: "gsi2pk", composite: ["state"] },
          sk: { field: "gsi2sk", composite: ["loanId"] },
        },
      },
    },
    { table, client: endpoint.documents },
  );
  const Event = new Entity(
    {
      model: { entity: "event", version: "1", service: "contract" },
      attributes: {
        loanId: { type: "string", required: true },
        eventId: { type: "string", required: true },
        what: { type: "string", required: true },
      },
      indexes: {
        byLoan: { pk: { field: "pk", composite: ["loanId"] }, sk: { field: "sk", composite: ["eventId"] } },
      },
    },
    { table, client: endpoint.documents },
  );
  return new Service({ loan: Loan, event: Event });
}

it("puts, gets and patches under a condition", async () => {
  const { loan } = service().entities;
  await loan.put({ loanId: "l1", holder: "ann", state: "planned", endsAt: 5 }).go();
  const patch = (seen: number) =>
    loan
      .patch({ loanId: "l1" })
      .set({ state: "active" })
      .add({ version: 1 })
      .append({ notes: ["started"] })
      .where(({ version }, { eq }) => eq(version, seen))
      .go({ response: "all_new" });
  expect((await patch(1)).data).toMatchObject({ state: "active", version: 2, notes: ["started"] });
  expect((await failureOf(patch(1))).message).toContain("The conditional request failed");
  expect((await failureOf(loan.patch({ loanId: "none" }).set({ state: "ended" }).go())).message).toContain(
    "The conditional request failed",
  );
  expect(
    (await failureOf(loan.create({ loanId: "l1", holder: "x", state: "planned", endsAt: 1 }).go())).message,
  ).toContain("The conditional request failed");
  expect((await loan.get({ loanId: "l1" }).go({ consistent: true })).data).toMatchObject({ version: 2 });
});

it("a move and its event are written together or not at all", async () => {
  const { entities, transaction } = service();
  await entities.loan.put({ loanId: "l2", holder: "ann", state: "planned", endsAt: 6 }).go();
  const move = (seen: number, eventId: string) =>
    transaction
      .write(({ loan, event }) => [
        loan
          .patch({ loanId: "l2" })
          .set({ state: "active" })
          .add({ version: 1 })
          .where(({ version }, { eq }) => eq(version, seen))
          .commit({ response: "all_old" }),
        event.create({ loanId: "l2", eventId, what: "loan.started" }).commit(),
      ])
      .go({ token: `token-${eventId}` });

  expect((await move(1, "e1")).canceled).toBe(false);
  expect((await move(1, "e1")).canceled).toBe(false);
  const lost = await move(1, "e2");
  expect(lost.canceled).toBe(true);
  expect(lost.data[0]).toMatchObject({
    rejected: true,
    code: "ConditionalCheckFailed",
    item: { loanId: "l2", version: 2 },
  });
  expect((await entities.loan.get({ loanId: "l2" }).go({ consistent: true })).data).toMatchObject({
    version: 2,
  });
  const events = await entities.event.query.byLoan({ loanId: "l2" }).go({ consistent: true });
  expect(events.data.map(({ eventId }) => eventId)).toEqual(["e1"]);
});

it("lists by an index, page after page by cursor, in both orders", async () => {
  const { loan } = service().entities;
  const loans = Array.from({ length: 23 }, (_, n) => ({
    loanId: `page-${String(n).padStart(2, "0")}`,
    holder: "bob",
    state: "planned" as const,
    endsAt: 100 + n,
  }));
  await loan.put(loans).go();
  const list = async (order: "asc" | "desc") => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { data: { loanId: string }[]; cursor: string | null } = await loan.query
        .byHolder({ holder: "bob" })
        .between({ endsAt: 103 }, { endsAt: 120 })
        .go({ cursor, limit: 5, order });
      ids.push(...page.data.map(({ loanId }) => loanId));
      cursor = page.cursor;
    } while (cursor !== null);
    return ids;
  };
  const wanted = loans.slice(3, 20).map(({ loanId }) => loanId);
  await expect.poll(() => list("asc")).toEqual(wanted);
  expect(await list("desc")).toEqual(wanted.toReversed());
});

it("a record leaves one list and enters the other when its state changes", async () => {
  const { loan } = service().entities;
  await loan.put({ loanId: "l4", holder: "eve", state: "active", endsAt: 9 }).go();
  await loan.patch({ loanId: "l4" }).set({ state: "ended" }).remove(["endsAt"]).go();
  const ids = async (state: "active" | "ended") =>
    (await loan.query.byState({ state }).go({ pages: "all" })).data.map(({ loanId }) => loanId);
  await expect.poll(() => ids("ended")).toContain("l4");
  expect(await ids("active")).not.toContain("l4");
});
