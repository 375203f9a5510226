import { text } from "node:stream/consumers";
import { ResponseStream } from "@daypass/local/aws/lambda/response-streams.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { httpEvent, invocation } from "../one-machine.ts";
import { type Answer, type Deployed, deploy, type Given } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy();
});

describe("the streaming twin", () => {
  async function ask(path: string, given: Given = {}, method = "GET") {
    const twin = (await import("@daypass/functions/handlers/api-stream.ts")).handler as unknown as (
      ...given: unknown[]
    ) => Promise<void>;
    const stream = new ResponseStream();
    const read = text(stream);
    await twin(httpEvent(method, path, given), stream, invocation());
    const [head = "", body = ""] = (await read).split("\0".repeat(8));
    return { ...(JSON.parse(head) as Omit<Answer, "body">), body };
  }

  test("has the same gates as the API", async () => {
    expect(await ask("/api/audit/export")).toMatchObject({ statusCode: 401 });
    const engineer = await deployed.pageOf("erin-vale");
    const cookies = [engineer.session.split(";")[0] ?? ""];
    expect(await ask("/api/audit/export", { cookies })).toMatchObject({ statusCode: 403 });
    expect(await ask("/api/me", { cookies })).toMatchObject({ statusCode: 404 });
  });

  test("exports the trail for an auditor, by cookie and by a token that CloudFront's function kept", async () => {
    const auditor = await deployed.pageOf("oscar-brandt");
    const cookies = [auditor.session.split(";")[0] ?? ""];
    const byCookie = await ask("/api/audit/export?format=csv", {
      cookies,
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=CLOUDFRONT/1/us-east-1/lambda/aws4_request" },
    });
    expect(byCookie).toMatchObject({
      statusCode: 200,
      headers: { "content-type": "text/csv; charset=utf-8" },
    });
    expect(byCookie.body).toMatch(/^at,operation,/);
    const made = await auditor.post("/api/tokens", { name: "export", scopes: ["read"], expiresInDays: 1 });
    const { secret } = JSON.parse(made.body) as { secret: string };
    const kept = { headers: { "x-daypass-authorization": `Bearer ${secret}` } };
    expect(await ask("/api/audit/export", kept)).toMatchObject({ statusCode: 200 });
    expect(await ask("/api/audit/export", { headers: { authorization: `Bearer ${secret}` } })).toMatchObject({
      statusCode: 401,
    });
  });
});
