import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, test } from "vitest";
import { invocation, origin } from "../one-machine.ts";
import { type Deployed, deploy, eventually, type Handler } from "./deployed.ts";

let deployed: Deployed;
beforeAll(async () => {
  deployed = await deploy();
});

describe("from the click to the database server", () => {
  test("an approval starts the timer, whose broker says why it cannot get on; people are written to", async () => {
    const [engineer, lead, administrator] = [
      await deployed.pageOf("erin-vale"),
      await deployed.pageOf("tomoko-lind"),
      await deployed.pageOf("priya-castell"),
    ];
    const notify = (await import("@daypass/functions/handlers/notify.ts")).handler as unknown as Handler;
    const source = deployed.machine.dynamodb.pollStream({
      table: "daypass",
      name: "notify",
      handler: (event) => notify(event, invocation("notify-1")) as Promise<{ batchItemFailures: [] }>,
    });
    const ask = {
      databaseId: deployed.databaseId,
      level: "read",
      durationMinutes: 60,
      reason: "Order 42\r\nBcc: everyone@example.com",
    };
    expect((await engineer.post("/api/requests", ask)).statusCode).toBe(400);
    const filed = await engineer.post("/api/requests", {
      ...ask,
      reason: "Order 42\nBcc: everyone@example.com",
    });
    expect(filed.statusCode).toBe(201);
    const { id } = JSON.parse(filed.body) as { id: string };
    const approved = await lead.post(`/api/requests/${id}/reviews`, { decision: "approve" });
    const { grantId } = JSON.parse(approved.body) as { grantId: string };

    const failure = await eventually(async () => {
      const grant = JSON.parse((await engineer.get(`/api/grants/${grantId}`)).body) as { failure: unknown };
      return grant.failure;
    });
    expect(failure).toMatchObject({ step: "provision", reason: "unreachable" });

    const mails = await eventually(async () => {
      const found = await mailbox();
      return found.length >= 3 ? found : undefined;
    });
    const to = (address: string) => mails.filter((mail) => JSON.stringify(mail).includes(address));
    expect(to("tomoko.lind@example.com")).toHaveLength(1);
    expect(to("priya.castell@example.com")).toHaveLength(1);
    expect(to("erin.vale@example.com").length).toBeGreaterThanOrEqual(1);
    const text = JSON.stringify(to("tomoko.lind@example.com")[0]);
    expect(text).toContain(`${origin}/requests/${id}`);
    expect(text).toContain("> Bcc: everyone@example.com");
    expect(mails.filter((mail) => JSON.stringify(mail).includes('"to":["everyone@example.com"]'))).toEqual(
      [],
    );

    const ended = await administrator.post(`/api/grants/${grantId}/end`, { reason: "wrong order" });
    expect(JSON.parse(ended.body)).toMatchObject({ state: "revoking", endedBy: "administrator" });
    await eventually(async () => ((await mailbox()).length >= 4 ? true : undefined));
    const sweep = (await import("@daypass/functions/handlers/sweep.ts")).handler as unknown as Handler;
    expect(await sweep({}, invocation("sweep-1"))).toMatchObject({ failedGrants: 0, lapsedRequests: 0 });
    await source.stop();
  });

  test("what went wrong is in the log", () => {
    expect(deployed.log()).toContain("provisioning failed");
  });
});

describe("metrics", () => {
  test("are in the log, of every kind that this story had", () => {
    const lines = deployed
      .log()
      .split("\n")
      .filter((line) => line.includes('"_aws"'));
    const counted = lines.flatMap((line) => Object.keys(JSON.parse(line) as object));
    expect(counted).toEqual(expect.arrayContaining(["MailsSent", "stack"]));
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ stack: "test" });
  });
});

describe("the archive", () => {
  const client = () => new S3Client();
  const archive = async () =>
    (await import("@daypass/functions/handlers/archive.ts")).handler as unknown as Handler;

  test("keeps the whole trail, a batch an object, and the same batch once", async () => {
    await client().send(new CreateBucketCommand({ Bucket: "daypass-archive" }));
    const handler = await archive();
    const batches: object[] = [];
    const source = deployed.machine.dynamodb.pollStream({
      table: "daypass",
      name: "archive",
      handler: async (event) => {
        batches.push(event);
        return (await handler(event, invocation("archive-1"))) as { batchItemFailures: [] };
      },
    });
    const { Contents = [] } = await eventually(async () => {
      const listed = await client().send(new ListObjectsV2Command({ Bucket: "daypass-archive" }));
      return (listed.KeyCount ?? 0) > 0 && batches.length > 0 ? listed : undefined;
    });
    await source.stop();
    for (const batch of batches) {
      expect(await handler(batch, invocation("archive-2"))).toEqual({ batchItemFailures: [] });
    }
    const again = await client().send(new ListObjectsV2Command({ Bucket: "daypass-archive" }));
    expect(again.KeyCount).toBeGreaterThanOrEqual(Contents.length);
    const bodies = await Promise.all(
      (again.Contents ?? []).map(async ({ Key }) => {
        const { Body } = await client().send(new GetObjectCommand({ Bucket: "daypass-archive", Key }));
        return (await Body?.transformToString()) ?? "";
      }),
    );
    const lines = bodies.join("").trim().split("\n");
    const kept = lines.map((line) => (JSON.parse(line) as { operation: string }).operation);
    expect(kept).toEqual(expect.arrayContaining(["session.sign-in", "request.create", "grant.start"]));
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.join("")).not.toMatch(/adm1n-hunter2/);
  });

  test("a bucket that takes nothing has the batch come again from its first event on", async () => {
    deployed.machine.aws.faults.set("s3", [{ fault: "fail", error: "AccessDenied", status: 403 }]);
    const record = {
      eventName: "INSERT",
      dynamodb: {
        SequenceNumber: "7",
        ApproximateCreationDateTime: 1_780_000_000,
        NewImage: { __edb_e__: { S: "event" }, event: { M: { id: { S: "evt_1" } } } },
      },
    };
    const other = { eventName: "INSERT", dynamodb: { SequenceNumber: "6", NewImage: {} } };
    const answer = await (await archive())({ Records: [other, record] }, invocation("archive-3"));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "7" }] });
    deployed.machine.aws.faults.clear();
  });
});

async function mailbox(): Promise<object[]> {
  const answer = await fetch(`${deployed.machine.aws.url}/mailbox/messages`);
  return ((await answer.json()) as { messages: object[] }).messages;
}
