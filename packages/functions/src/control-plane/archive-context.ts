import { S3Client } from "@aws-sdk/client-s3";
import type { Invocation } from "../base-context.ts";
import { clientOptions } from "../clients/options.ts";
import { readEnvironment } from "../environment.ts";
import { type Archive, archiveIn } from "./archive.ts";

/** Composition root of the archive: the right to put objects into one bucket, and none to the table. */
export function archiveContexts(): (invocation: Invocation) => { archive: Archive } {
  const { region, archiveBucket } = readEnvironment(["region", "archiveBucket"]);
  const client = new S3Client(clientOptions(region, 8000));
  return ({ log }) => ({ archive: archiveIn(client, archiveBucket, log) });
}
