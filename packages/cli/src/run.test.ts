import { describe, expect, test } from "vitest";
import type { Difference, Reconciliation } from "./api.ts";
import { run } from "./run.ts";
import { type Asked, worldOf } from "./world.example.ts";

const one: Reconciliation = {
  instance: { id: "ins_1", name: "shop-production", engine: "postgres" },
  environment: { id: "env_1", name: "production", protected: true },
  status: "never",
  mode: null,
  run: null,
  startedBy: null,
  startedAt: null,
  finishedAt: null,
  accountCount: null,
  grantCount: null,
  differences: [],
  differenceCount: 0,
  error: null,
  repairedAt: null,
  nextAt: null,
};
const two: Reconciliation = { ...one, instance: { ...one.instance, id: "ins_2", name: "payroll" } };
const unknown: Difference = {
  kind: "unknown",
  account: "dp_01jd8z5k3qw8r4t6y2x9v7b1cn",
  grantId: null,
  message: "The ledger has no such grant.",
  action: "quarantined",
  dropAfter: "2026-03-14T05:05:00.000Z",
  remedy: ['DROP ROLE "dp_01jd8z5k3qw8r4t6y2x9v7b1cn";'],
};

/** A server that needs two looks for each comparison. `outcome` is what each ends with. */
function server(
  instances: Reconciliation[],
  outcome: (name: string) => Partial<Reconciliation> = () => ({}),
) {
  const runs = new Map<string, { run: string; mode: string; looks: number }>();
  return ({ method, path, body }: Asked) => {
    const id = /instances\/(.*)\/reconcile/.exec(path)?.[1];
    const found = instances.find(({ instance }) => instance.id === id);
    if (method === "POST" && found) {
      const { mode } = body as { mode: string };
      runs.set(found.instance.id, { run: `run ${found.instance.name}`, mode, looks: 0 });
      return { body: { ...found, status: "running", run: `run ${found.instance.name}`, mode } };
    }
    const items = instances.map((each) => {
      const at = runs.get(each.instance.id);
      if (!at) return each;
      at.looks += 1;
      const done = {
        status: "done",
        accountCount: 3,
        grantCount: 3,
        ...outcome(each.instance.name),
      } as const;
      return { ...each, run: at.run, mode: at.mode, ...(at.looks < 2 ? { status: "running" } : done) };
    });
    return { body: { items, nextCursor: null } };
  };
}
const problem = (status: number, code: string, detail: string) => ({
  status,
  body: { code, detail, requestId: "r-1" },
});

describe("exit codes", () => {
  test("0 where nothing differs; the result is one line, progress goes elsewhere", async () => {
    const { io, printed } = worldOf(server([one, two]));
    expect(await run(io, ["reconcile"])).toBe(0);
    expect(printed.out).toBe("No difference on 2 instances (6 accounts).\n");
    expect(printed.err).toContain("what is safe to put right is put right");
    expect(printed.err).toContain("payroll: no difference");
  });

  test("1 where something differs, also when it was put right", async () => {
    const differs = (name: string) =>
      name === "payroll" ? { differences: [unknown], differenceCount: 1 } : {};
    const { io, printed } = worldOf(server([one, two], differs));
    expect(await run(io, ["reconcile"])).toBe(1);
    expect(printed.out).toContain("payroll   dp_01jd8z5k3qw8r4t6y2x9v7b1cn  unknown to the ledger");
    expect(printed.out).toContain("locked, dropped after 2026-03-14 05:05 UTC");
    expect(printed.out).toContain('    DROP ROLE "dp_01jd8z5k3qw8r4t6y2x9v7b1cn";');
    expect(printed.out).toContain("1 difference on 1 of 2 instances.");
  });

  test("2 where an instance could not be checked, and what is known of the others is told all the same", async () => {
    const mixed = (name: string): Partial<Reconciliation> =>
      name === "payroll"
        ? {
            status: "failed",
            error: "The server cannot be reached.",
            differences: [unknown],
            differenceCount: 1,
          }
        : { differences: [{ ...unknown, account: "dp_other" }], differenceCount: 1 };
    const { io, printed } = worldOf(server([one, two], mixed));
    expect(await run(io, ["reconcile", "--dry-run"])).toBe(2);
    expect(printed.out).toContain("payroll could not be checked: The server cannot be reached.");
    expect(printed.out).toContain("dp_other");
    expect(printed.out).not.toContain(unknown.account.concat("\n"));
    expect(printed.out).toContain("1 difference on 1 of 1 instance; 1 instance could not be checked.");
  });

  test("2 where nothing comes back in time, and the deadline holds for all together", async () => {
    const never = server([one, two], () => ({ status: "running" }));
    const { io, printed } = worldOf(never);
    expect(await run(io, ["reconcile", "--timeout", "30s"])).toBe(2);
    expect(printed.out).toContain("shop-production could not be checked: no result within 30 s");
    expect(io.nowMs()).toBeLessThan(40_000);
  });

  test.each([
    ["bad usage", ["reconcile", "--froce"], "Unknown option"],
    ["an unknown instance", ["reconcile", "--instance", "shop"], "There are: shop-production."],
  ])("2 for %s, with what to do", async (_what, args, text) => {
    const { io, printed } = worldOf(server([one]));
    expect(await run(io, args)).toBe(2);
    expect(printed.err).toContain(text);
    expect(printed.out).toBe("");
  });

  test("2 for a token that is no good or may not, with where to make another", async () => {
    for (const [status, hint] of [
      [401, "make another at"],
      [403, "Read and Administer"],
    ] as const) {
      const { io, printed } = worldOf(() => problem(status, "x", "No."));
      expect(await run(io, ["reconcile"])).toBe(2);
      expect(printed.err).toContain(hint);
    }
  });

  test("0 where no instance is registered", async () => {
    const { io, printed } = worldOf(server([]));
    expect(await run(io, ["reconcile"])).toBe(0);
    expect(printed.out).toContain("No instance is registered");
  });
});

describe("what is asked of the server", () => {
  test("a dry run says so, and only the named instances are compared", async () => {
    const { io, asked } = worldOf(server([one, two]));
    await run(io, ["reconcile", "--dry-run", "--instance", "payroll"]);
    const posts = asked.filter(({ method }) => method === "POST");
    expect(posts.map(({ path, body }) => [path, body])).toEqual([
      ["/api/instances/ins_2/reconcile", { mode: "dry-run" }],
    ]);
  });

  test("the token goes in its header alone, and no redirect is followed with it", async () => {
    const { io, asked } = worldOf(server([one]));
    await run(io, ["reconcile"]);
    for (const { path, init } of asked) {
      expect(init).toMatchObject({
        redirect: "error",
        headers: { authorization: expect.stringContaining("Bearer dpt_") },
      });
      expect(path).not.toContain("dpt_");
    }
  });

  test("an instance that is being compared already is compared again afterwards", async () => {
    let refused = 0;
    const answer = server([one]);
    const { io } = worldOf((asked) => {
      if (asked.method === "POST" && (refused += 1) <= 2) {
        return problem(409, "reconciliation.running", "This instance is being compared right now.");
      }
      return answer(asked);
    });
    expect(await run(io, ["reconcile"])).toBe(0);
    expect(refused).toBe(3);
  });

  test("the result of an earlier run, in a list that lags, is not taken for this one's", async () => {
    const startedAt = "2026-03-13T05:00:00.000Z";
    const earlier = {
      ...one,
      run: "earlier",
      startedAt: "2026-03-13T04:00:00.000Z",
      status: "done" as const,
    };
    let looks = 0;
    const { io } = worldOf(({ method }) => {
      const mine = { ...one, run: "mine", startedAt };
      if (method === "POST") return { body: { ...mine, status: "running" } };
      looks += 1;
      const found = { ...mine, status: "done", differences: [unknown], differenceCount: 1 };
      return { body: { items: [looks < 4 ? earlier : found], nextCursor: null } };
    });
    expect(await run(io, ["reconcile"])).toBe(1);
  });

  test("a server that stumbles is asked again; one that stays silent is named, with why", async () => {
    let calls = 0;
    const answer = server([one]);
    const { io } = worldOf((asked) => ((calls += 1) === 3 ? problem(503, "busy", "Busy.") : answer(asked)));
    expect(await run(io, ["reconcile"])).toBe(0);
    const down = worldOf(
      () => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) }),
    );
    expect(await run(down.io, ["reconcile"])).toBe(2);
    expect(down.printed.err).toContain("https://daypass.example.com does not answer: ECONNREFUSED");
  });

  test("something else than Daypass at the address is said", async () => {
    const { io, printed } = worldOf(() => ({ body: "<html>Welcome</html>" }));
    expect(await run(io, ["reconcile"])).toBe(2);
    expect(printed.err).toContain("is not what Daypass answers");
  });

  test("all pages are read", async () => {
    const answer = server([one, two]);
    const { io, asked, printed } = worldOf((call) => {
      const { body } = answer(call) as { body: { items?: Reconciliation[] } };
      if (!body.items) return { body };
      const isSecond = call.query.get("cursor") === "next";
      return {
        body: { items: [body.items[isSecond ? 1 : 0]], nextCursor: isSecond ? null : "next" },
      };
    });
    expect(await run(io, ["reconcile"])).toBe(0);
    expect(printed.out).toContain("No difference on 2 instances");
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
  });
});

describe("what is printed", () => {
  test("names that somebody made cannot steer the terminal", async () => {
    const evil = {
      ...unknown,
      account: "dp_\u001B[2J\u202Eevil",
      message: "a\u0007b\nc",
      remedy: ["x\u001B]0;t\u0007"],
    };
    const { io, printed } = worldOf(server([one], () => ({ differences: [evil], differenceCount: 1 })));
    await run(io, ["reconcile"]);
    expect(printed.out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("JSON is one document with everything, and the same exit code", async () => {
    const { io, printed } = worldOf(server([one], () => ({ differences: [unknown], differenceCount: 1 })));
    expect(await run(io, ["reconcile", "--json", "--dry-run"])).toBe(1);
    expect(JSON.parse(printed.out)).toMatchObject({
      mode: "dry-run",
      exitCode: 1,
      differenceCount: 1,
      uncheckedCount: 0,
      instances: [{ instance: { name: "shop-production" }, problem: null, differences: [unknown] }],
    });
  });

  test("colours are for terminals alone, and not where they are not wanted", async () => {
    const paint = /\p{Cc}\[\d+m/u;
    const at = async (isTerminal: boolean, args: string[], env: Record<string, string> = {}) => {
      const { io, printed } = worldOf(server([one]), { isTerminal });
      await run({ ...io, env: { ...io.env, ...env } }, ["reconcile", ...args]);
      return printed.out;
    };
    expect(await at(true, [])).toMatch(paint);
    expect(await at(false, [])).not.toMatch(paint);
    expect(await at(true, ["--no-color"])).not.toMatch(paint);
    expect(await at(true, [], { NO_COLOR: "1" })).not.toMatch(paint);
    expect(await at(true, ["--json"])).not.toMatch(paint);
  });

  test("help tells the exit codes, and goes to standard output", async () => {
    const { io, printed } = worldOf(server([]));
    expect(await run(io, ["--help"])).toBe(0);
    expect(printed.out).toContain("Exit codes");
    expect(printed.err).toBe("");
  });
});
