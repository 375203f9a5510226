import { AwsError } from "../server/aws-error.ts";
import type { Journal } from "../server/journal.ts";

export interface StoredObject {
  readonly key: string;
  /** In base64: it is kept in lines of text. */
  readonly body: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly crc32: string;
  readonly contentType: string;
  readonly modifiedMs: number;
}

export interface S3Store {
  createBucket(name: string): void;
  /** Throws BucketNotEmpty. */
  deleteBucket(name: string): void;
  find(bucket: string, key: string): StoredObject | undefined;
  put(bucket: string, object: StoredObject): void;
  drop(bucket: string, key: string): void;
  /** In the order of S3: by the bytes of their keys. */
  list(bucket: string, prefix: string): StoredObject[];
}

/** Buckets and their objects. Everything but `createBucket` throws NoSuchBucket where there is none. */
export function s3Store(journal: Journal): S3Store {
  const buckets = journal.table<{ name: string }>("bucket");
  const objects = journal.table<StoredObject>("object");
  const id = (bucket: string, key: string) => `${bucket}/${key}`;

  function require(bucket: string): void {
    if (buckets.get(bucket) !== undefined) return;
    throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
  }

  function list(bucket: string, prefix: string): StoredObject[] {
    require(bucket);
    return [...objects.entries()]
      .filter(([each]) => each.startsWith(id(bucket, prefix)))
      .map(([, object]) => object)
      .toSorted((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }

  return {
    createBucket(name) {
      if (buckets.get(name) !== undefined) {
        throw new AwsError("BucketAlreadyOwnedByYou", "You own a bucket of this name already.", 409);
      }
      journal.commit(buckets.put(name, { name }));
    },
    deleteBucket(name) {
      if (list(name, "").length > 0) {
        throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
      }
      journal.commit(buckets.drop(name));
    },
    find(bucket, key) {
      require(bucket);
      return objects.get(id(bucket, key));
    },
    put(bucket, object) {
      require(bucket);
      journal.commit(objects.put(id(bucket, object.key), object));
    },
    drop(bucket, key) {
      require(bucket);
      if (objects.get(id(bucket, key)) !== undefined) journal.commitAndErase(objects.drop(id(bucket, key)));
    },
    list,
  };
}
