import { CreateBucketCommand, PutObjectCommand, PutObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { type Aws, startAws } from "@daypass/local/aws/start-aws.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf } from "../../aws/aws-under-test.ts";

const Bucket = "daypass-local";
let aws: Aws;
let client: S3Client;
beforeAll(async () => {
  aws = await startAws({});
  client = new S3Client({ ...clientOf(aws, "S3"), maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => aws.close());

const put = (more: object) => client.send(new PutObjectCommand({ Bucket, Key: "one", Body: "x", ...more }));

test.each([
  ["object lock", { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: new Date(4e12) }],
  ["encryption", { ServerSideEncryption: "aws:kms" }],
  ["an access list", { ACL: "public-read" }],
  ["metadata", { Metadata: { a: "b" } }],
])("%s is refused, not ignored", async (_what, more) => {
  await expect(put(more)).rejects.toMatchObject({
    name: "NotImplemented",
    $metadata: { httpStatusCode: 501 },
  });
});

test("so is an operation that is not there", async () => {
  const Tagging = { TagSet: [{ Key: "a", Value: "b" }] };
  await expect(
    client.send(new PutObjectTaggingCommand({ Bucket, Key: "one", Tagging })),
  ).rejects.toMatchObject({ name: "NotImplemented" });
});

test("a body that was damaged on its way is refused", async () => {
  await expect(put({ ChecksumCRC32: "AAAAAA==" })).rejects.toMatchObject({ name: "BadDigest" });
});

test("faults are switched on for it as for the others", async () => {
  aws.faults.set("s3", [{ fault: "throttling", times: 1 }]);
  await expect(put({})).rejects.toMatchObject({ name: "SlowDown", $metadata: { httpStatusCode: 503 } });
  await put({});
});
