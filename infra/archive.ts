/// <reference path="../.sst/platform/config.d.ts" />
import { attachBucketPolicy, createPrivateBucket } from "./bucket.ts";
import type { Stage } from "./stage.ts";
import type { Statement } from "./statement.ts";

/** The audit trail beyond the reach of whoever may write to the table: object lock keeps every version. */
export function createArchive(stage: Stage) {
  const { mode, days } = stage.settings.archive;
  const bucket = createPrivateBucket(stage, "archive", {
    objectLockEnabled: true,
    protect: stage.isProduction,
    isEmptiedOnRemoval: false,
  });
  attachBucketPolicy("archive", bucket);
  const versioning = new aws.s3.BucketVersioning("ArchiveVersioning", {
    bucket: bucket.bucket,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.s3.BucketObjectLockConfiguration(
    "ArchiveLock",
    {
      bucket: bucket.bucket,
      rule: { defaultRetention: { mode: mode.toUpperCase(), days } },
    },
    { dependsOn: [versioning] },
  );
  const mayBeAddedTo: Statement = {
    Sid: "Archive",
    Action: "s3:PutObject",
    Resource: $interpolate`${bucket.arn}/audit/*`,
  };
  return { bucket, mayBeAddedTo };
}
export type Archive = ReturnType<typeof createArchive>;
