import { accountName } from "@daypass/core/grant/grant.ts";
import { newId } from "@daypass/core/kernel/ids.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Comparing, compare } from "../comparing.ts";
import { newPassword } from "./lend.ts";
import { newAccountName } from "./new-plan.ts";
import type { ServerUnderTest, Start } from "./server-under-test.ts";

export function reconcileSuite(start: Start): void {
  describe("ledger and server compared", () => {
    let server: ServerUnderTest;
    let other: ServerUnderTest;
    let comparing: Comparing;
    beforeAll(async () => {
      [server, other] = [await start(), await start()];
    }, 120_000);
    afterAll(() => Promise.all([server.remove(), other.remove()]));
    beforeEach(async () => {
      comparing = await compare(server.engine, server.target);
    });
    afterEach(async () => {
      await comparing.story.world.close();
      for (const { name, grantId, serverId } of await server.engine.listAccounts(server.target)) {
        await server.engine.revoke(server.target, { name, grantId: grantId ?? "", serverId });
      }
    });

    const exists = async (name: string) =>
      (await server.engine.listAccounts(server.target)).find((account) => account.name === name);

    test("have nothing to say on a clean system with something lent", async () => {
      await comparing.lent();
      expect(await comparing.reconciled()).toEqual([]);
      expect(await comparing.dryRun()).toEqual([]);
    });

    test("show an account of a grant that the ledger has forgotten: closed at once, dropped after a day", async () => {
      const grantId = newId("grant", { ulid: () => newAccountName().slice(3).toUpperCase() });
      const name = accountName(grantId);
      await server.engine.provision(server.target, server.plan({ name, grantId }), newPassword());
      expect(await comparing.dryRun()).toEqual([["unknown", name, "none"]]);
      expect(await exists(name)).toMatchObject({ canLogin: true });
      expect(await comparing.reconciled()).toEqual([["unknown", name, "quarantined"]]);
      expect(await exists(name)).toMatchObject({ canLogin: false, sessions: 0 });
      comparing.story.world.clock.advance({ days: 1 });
      expect(await comparing.reconciled()).toEqual([["unknown", name, "dropped"]]);
      expect(await exists(name)).toBeUndefined();
    });

    test("show an account that was dropped by hand, which is an alarm, and one with an extra right", async () => {
      const [gone, more] = [await comparing.lent(), await comparing.lent()];
      await server.byHand(
        ...server.words.dropByHand(gone.account),
        ...server.words.widenByHand(more.account),
      );
      const found = await comparing.reconciled();
      expect(found).toContainEqual(["missing", gone.account, "alarm"]);
      expect(found).toContainEqual(["extra-right", more.account, "alarm"]);
      expect(found).toHaveLength(2);
      expect((await comparing.story.grant(gone.id)).alarms).toHaveProperty("missing");
    });

    test("never touch somebody else's account with a name like ours", async () => {
      const name = newAccountName();
      await server.byHand(...server.words.createStranger(name));
      expect(await comparing.reconciled()).toEqual([]);
      const theirs = { username: name, password: "theirs-and-long-enough" };
      await (await server.connect(theirs, "shop")).end();
      await server.byHand(...server.words.dropByHand(name));
    });

    test("take an account back on the server where it was made, when the instance points to another by now", async () => {
      const grant = await comparing.lent();
      const { host, port } = server.target.server;
      expect(grant.server).toMatchObject({ host, port, identity: expect.stringMatching(/.{8,}/) });
      comparing.pointTo(other.target);
      expect(await comparing.reconciled()).toEqual([["missing", grant.account, "alarm"]]);
      await comparing.ended(grant.id);
      expect(await exists(grant.account)).toBeUndefined();
    });
  });
}
