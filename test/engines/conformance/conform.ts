import { afterAll, beforeAll, describe } from "vitest";
import { accountsSuite } from "./accounts.suite.ts";
import { endSuite } from "./end.suite.ts";
import { faultsSuite } from "./faults.suite.ts";
import { levelsSuite } from "./levels.suite.ts";
import { namesSuite } from "./names.suite.ts";
import { provisionSuite } from "./provision.suite.ts";
import { reconcileSuite } from "./reconcile.suite.ts";
import { revokeSuite } from "./revoke.suite.ts";
import type { ServerUnderTest, Start } from "./server-under-test.ts";
import { tlsSuite } from "./tls.suite.ts";

/** What every engine must do, whatever the server: written once, against `Engine`, tried on a real server. */
export function conform(name: string, start: Start): void {
  describe(name, () => {
    let server: ServerUnderTest | undefined;
    const started = () => {
      if (!server) throw new Error("the server did not start");
      return server;
    };
    beforeAll(async () => {
      server = await start();
    }, 120_000);
    afterAll(() => server?.remove());

    provisionSuite(started);
    levelsSuite(started);
    endSuite(started);
    revokeSuite(started);
    accountsSuite(started);
    namesSuite(started);
    faultsSuite(start);
    tlsSuite(start);
    reconcileSuite(start);
  });
}
