import { beforeAll, describe, expect, test } from "vitest";
import { origin } from "../one-machine.ts";
import { type Deployed, deploy } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy();
});

describe("signing in", () => {
  test("goes through the identity provider and comes back to where it began, once", async () => {
    const { finished, callback, cookies } = await deployed.signIn("erin-vale");
    expect(finished).toMatchObject({
      statusCode: 302,
      headers: { location: `${origin}/requests?view=mine` },
    });
    const session = finished.cookies?.find((cookie) => cookie.startsWith("daypass=")) ?? "";
    expect(session).toMatch(/HttpOnly/);
    expect(session).toMatch(/SameSite=Lax/);
    expect(session).toMatch(/Path=\//);
    expect(session).not.toMatch(/Secure|Domain/);
    const again = await deployed.api("GET", callback, { cookies });
    expect(again.headers["location"]).toMatch(/\/sign-in-failed\?code=sign-in\.expired&requestId=http-/);
    expect(
      again.cookies?.some((cookie) => cookie.startsWith("daypass=") && !cookie.includes("Max-Age=0")),
    ).toBeFalsy();
  });

  test("without the cookie that began it nobody is signed in", async () => {
    const { callback } = await deployed.signIn("erin-vale");
    const stolen = await deployed.api("GET", callback);
    expect(stolen.headers["location"]).toMatch(/code=sign-in\.expired/);
    expect(stolen.cookies?.some((cookie) => cookie.startsWith("daypass="))).toBeFalsy();
  });

  test("signing out ends the session and drops the cookie", async () => {
    const page = await deployed.pageOf("oscar-brandt");
    expect(JSON.parse(page.me.body)).toMatchObject({
      user: { name: "Oscar Brandt" },
      roles: ["auditor", "member"],
    });
    const out = await page.post("/api/sign-out");
    expect(JSON.parse(out.body)).toEqual({
      endSessionUrl: expect.stringContaining(deployed.machine.oidc.issuer),
    });
    expect(out.cookies?.[0]).toMatch(/^daypass=;.*Max-Age=0/);
    expect((await page.get("/api/me")).statusCode).toBe(401);
  });
});
