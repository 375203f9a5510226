import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../server/aws-error.ts";
import type { Clock } from "../server/clock.ts";
import type { Journal } from "../server/journal.ts";
import type { Service, ServiceCall } from "../server/service.ts";
import { type S3Store, type StoredObject, s3Store } from "./s3.store.ts";
import { element, xmlResponse } from "./xml.ts";

/** S3 as far as an archive needs it: buckets by path, objects that are put, got, listed and deleted. It has neither
 * versions nor object lock. */
export function objectStorage(journal: Journal, clock: Clock): Service {
  const store = s3Store(journal);
  const operations: Readonly<Record<string, (call: ServiceCall) => Response>> = {
    CreateBucket: (call) => {
      store.createBucket(bucketOf(call));
      return empty(call, 200, { location: `/${bucketOf(call)}` });
    },
    DeleteBucket: (call) => {
      store.deleteBucket(bucketOf(call));
      return empty(call, 204);
    },
    PutObject: (call) => putObject(store, clock, call),
    GetObject: (call) => {
      const { body, ...object } = objectOf(store, call);
      return new Response(Buffer.from(body, "base64"), { headers: headersOf(object, call) });
    },
    HeadObject: (call) => new Response(null, { headers: headersOf(objectOf(store, call), call) }),
    DeleteObject: (call) => {
      store.drop(bucketOf(call), keyOf(call));
      return empty(call, 204);
    },
    ListObjectsV2: (call) => listObjects(store, call),
  };
  return {
    handle: async (call) => {
      const run = Object.hasOwn(operations, call.operation) ? operations[call.operation] : undefined;
      if (run === undefined) throw notImplemented(call.operation);
      refuseUnknown(call);
      return run(call);
    },
  };
}

function putObject(store: S3Store, clock: Clock, call: ServiceCall): Response {
  const [bucket, key] = [bucketOf(call), keyOf(call)];
  const condition = call.headers.get("if-none-match");
  if (condition !== null && condition !== "*") throw notImplemented("If-None-Match with a tag");
  if (condition === "*" && store.find(bucket, key) !== undefined) {
    const message = "At least one of the pre-conditions you specified did not hold";
    throw new AwsError("PreconditionFailed", message, 412, { Condition: "If-None-Match" });
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(call.body));
  const object: StoredObject = {
    key,
    body: Buffer.from(call.body).toString("base64"),
    sizeBytes: call.body.length,
    etag: `"${createHash("md5").update(call.body).digest("hex")}"`,
    crc32: checksum.toString("base64"),
    contentType: call.headers.get("content-type") ?? "application/octet-stream",
    modifiedMs: clock.now(),
  };
  const claimed = call.headers.get("x-amz-checksum-crc32");
  if (claimed !== null && claimed !== object.crc32) {
    throw new AwsError("BadDigest", "The CRC32 you specified did not match what we received.");
  }
  store.put(bucket, object);
  return empty(call, 200, { etag: object.etag, "x-amz-checksum-crc32": object.crc32 });
}

const mostKeys = 1000;

function listObjects(store: S3Store, call: ServiceCall): Response {
  const prefix = call.query.get("prefix") ?? "";
  const size = Math.min(Number(call.query.get("max-keys") ?? mostKeys), mostKeys);
  if (!Number.isInteger(size) || size < 0) throw new AwsError("InvalidArgument", "max-keys is no count");
  const after = Buffer.from(call.query.get("continuation-token") ?? "", "base64url").toString();
  const from = after === "" ? (call.query.get("start-after") ?? "") : after;
  const left = store.list(bucketOf(call), prefix).filter(({ key }) => from === "" || key > from);
  const page = left.slice(0, size);
  const next = left.length > page.length ? Buffer.from(page.at(-1)?.key ?? "").toString("base64url") : "";
  const contents = page.map(({ key, sizeBytes, etag, modifiedMs }) =>
    element("Contents", [
      element("Key", key),
      element("LastModified", new Date(modifiedMs).toISOString()),
      element("ETag", etag),
      element("Size", String(sizeBytes)),
      element("StorageClass", "STANDARD"),
    ]),
  );
  return xmlResponse(
    element("ListBucketResult", [
      element("Name", bucketOf(call)),
      element("Prefix", prefix),
      element("KeyCount", String(page.length)),
      element("MaxKeys", String(size)),
      element("IsTruncated", String(next !== "")),
      ...(next === "" ? [] : [element("NextContinuationToken", next)]),
      ...contents,
    ]),
    200,
    call.requestId,
  );
}

function objectOf(store: S3Store, call: ServiceCall): StoredObject {
  const object = store.find(bucketOf(call), keyOf(call));
  if (object !== undefined) return object;
  throw new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: keyOf(call) });
}

function headersOf(object: Omit<StoredObject, "body">, call: ServiceCall): Record<string, string> {
  return {
    "content-type": object.contentType,
    "content-length": String(object.sizeBytes),
    etag: object.etag,
    "last-modified": new Date(object.modifiedMs).toUTCString(),
    "x-amz-checksum-crc32": object.crc32,
    "x-amz-request-id": call.requestId,
  };
}

function bucketOf({ path }: ServiceCall): string {
  const name = path["Bucket"] ?? "";
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return name;
  throw new AwsError("InvalidBucketName", "The specified bucket is not valid.");
}

function keyOf({ path }: ServiceCall): string {
  const key = path["Key"] ?? "";
  if (key !== "" && Buffer.byteLength(key) <= 1024) return key;
  throw new AwsError("KeyTooLongError", "Your key is too long");
}

const knownQuery = new Set(["x-id", "list-type", "prefix", "max-keys", "continuation-token", "start-after"]);
const knownHeaders =
  /^x-amz-(date|content-sha256|security-token|user-agent|checksum-(crc32|mode)|sdk-checksum-algorithm)$/;

/** What would do something on AWS and is not done here is refused by name. */
function refuseUnknown(call: ServiceCall): void {
  for (const name of call.query.keys()) if (!knownQuery.has(name)) throw notImplemented(name);
  for (const name of call.headers.keys()) {
    if (name.startsWith("x-amz-") && !knownHeaders.test(name)) throw notImplemented(name);
  }
  if (/aws-chunked/.test(call.headers.get("content-encoding") ?? "")) throw notImplemented("aws-chunked");
}

function notImplemented(what: string): AwsError {
  return new AwsError("NotImplemented", `${what} is not supported on one machine.`, 501);
}

function empty(call: ServiceCall, status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { ...headers, "x-amz-request-id": call.requestId } });
}
