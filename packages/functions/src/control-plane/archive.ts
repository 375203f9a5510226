import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Log } from "@daypass/core/kernel/context.ts";
import { describeError } from "../log.ts";
import type { TrailRecord } from "../trail-records.ts";

export type Archive = {
  /** False when it could not be kept, and has to come again. */
  keep(records: readonly TrailRecord[]): Promise<boolean>;
};

/** The bucket in which object lock keeps every object for as long as the bucket says. A batch that comes again has the
 * key that it had, and what is there is never written over. */
export function archiveIn(client: S3Client, bucket: string, log: Log): Archive {
  return {
    async keep(records) {
      const body = records.map(({ line }) => `${JSON.stringify(line)}\n`).join("");
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(records, body),
        Body: body,
        ContentType: "application/x-ndjson",
        IfNoneMatch: "*",
      });
      try {
        await client.send(put);
        log.info("archived", { events: records.length });
        return true;
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === "PreconditionFailed") return true;
        log.error("not archived", { events: records.length, ...describeError(error) });
        return false;
      }
    },
  };
}

/** By the hour in which the table was written, then by where the batch stands in the stream and what is in it. */
export function keyOf(records: readonly TrailRecord[], body: string): string {
  const [first] = records;
  if (!first) throw new Error("a batch without records has no key");
  const hour = new Date(first.writtenAtSeconds * 1000).toISOString().slice(0, 13).replaceAll(/[-T]/g, "/");
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
  return `audit/${hour}/${first.sequenceNumber}-${hash}.ndjson`;
}
