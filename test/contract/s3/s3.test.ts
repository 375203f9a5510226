import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsUnderTest, awsUnderTest } from "../aws/aws-under-test.ts";

const Bucket = `daypass-contract-${randomUUID()}`;
let aws: AwsUnderTest;
let client: S3Client;
beforeAll(async () => {
  aws = await awsUnderTest("S3");
  client = new S3Client(aws.client("S3"));
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  for (const Key of await keysIn("")) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await client.send(new DeleteBucketCommand({ Bucket }));
  client.destroy();
  await aws.close();
});

const put = (Key: string, Body: string, more: { IfNoneMatch?: string } = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/x-ndjson", ...more }));
const read = async (Key: string) => {
  const { Body, ...rest } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return { text: await Body?.transformToString(), ...rest };
};
async function keysIn(Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 2, ContinuationToken: token }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
    token = page.NextContinuationToken;
  }
  return keys;
}

describe("an object", () => {
  test("is read as it was written, with its type, size and tag", async () => {
    const text = '{"reason":"Žluťoučký <&> 42"}\n';
    const { ETag } = await put("audit/2026/one.ndjson", text);
    expect(await read("audit/2026/one.ndjson")).toMatchObject({
      text,
      ETag,
      ContentType: "application/x-ndjson",
      ContentLength: Buffer.byteLength(text),
    });
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: "audit/2026/one.ndjson" }))).toMatchObject({
      ETag,
    });
  });

  test("is not written over by whoever wants it new", async () => {
    await put("once", "first", { IfNoneMatch: "*" });
    await expect(put("once", "second", { IfNoneMatch: "*" })).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    expect((await read("once")).text).toBe("first");
    await put("once", "third");
    expect((await read("once")).text).toBe("third");
  });

  test("keys may have any characters", async () => {
    for (const key of ["a b/ü+&=?#%2F", "x//y", "$(0)*'!"]) {
      await put(`odd/${key}`, key);
      expect((await read(`odd/${key}`)).text).toBe(key);
    }
    expect((await keysIn("odd/")).length).toBe(3);
  });

  test("that is not there is an error with a name", async () => {
    await expect(read("nothing")).rejects.toMatchObject({ name: "NoSuchKey" });
    const elsewhere = new GetObjectCommand({ Bucket: `daypass-contract-${randomUUID()}`, Key: "x" });
    await expect(client.send(elsewhere)).rejects.toMatchObject({ name: "NoSuchBucket" });
  });

  test("is gone once it was deleted, however often", async () => {
    await put("gone", "x");
    for (let time = 0; time < 2; time += 1) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
    }
    await expect(read("gone")).rejects.toMatchObject({ name: "NoSuchKey" });
  });
});

test("a listing has every key under its prefix, in the order of their bytes, over as many pages as it takes", async () => {
  const keys = ["list/Z", "list/a", "list/a/1", "list/b", "list/é"];
  for (const key of keys.toReversed()) await put(key, "x");
  expect(await keysIn("list/")).toEqual(keys);
  expect(await keysIn("list/a")).toEqual(["list/a", "list/a/1"]);
  expect(await keysIn("nothing/")).toEqual([]);
});

test("a bucket that is not empty stays", async () => {
  await put("stays", "x");
  await expect(client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
    name: "BucketNotEmpty",
  });
});
