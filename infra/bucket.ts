/// <reference path="../.sst/platform/config.d.ts" />
import { idOf } from "./functions.ts";
import type { Stage } from "./stage.ts";
import { policy, type Statement } from "./statement.ts";

/** A bucket that is nobody's but ours: encrypted, never public, without lists of access. It has one policy only:
 * see `attachBucketPolicy`. */
export function createPrivateBucket(
  stage: Stage,
  part: string,
  settings: {
    objectLockEnabled?: boolean;
    protect: boolean;
    isEmptiedOnRemoval: boolean;
  },
): aws.s3.Bucket {
  const id = idOf(part);
  const bucket = new aws.s3.Bucket(
    `${id}Bucket`,
    {
      bucket: $interpolate`${stage.named(part)}-${stage.accountId}-${stage.settings.region}`,
      objectLockEnabled: settings.objectLockEnabled ?? false,
      forceDestroy: settings.isEmptiedOnRemoval,
    },
    { protect: settings.protect },
  );
  new aws.s3.BucketPublicAccessBlock(`${id}BucketIsPrivate`, {
    bucket: bucket.bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketOwnershipControls(`${id}BucketOwnership`, {
    bucket: bucket.bucket,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration(`${id}BucketEncryption`, {
    bucket: bucket.bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  return bucket;
}

/** Nothing in clear on the way, and what else the bucket lets in. */
export function attachBucketPolicy(
  part: string,
  bucket: aws.s3.Bucket,
  statements: readonly Statement[] = [],
): void {
  new aws.s3.BucketPolicy(`${idOf(part)}BucketPolicy`, {
    bucket: bucket.bucket,
    policy: policy([
      {
        Sid: "OnlyEncrypted",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "s3:*",
        Resource: [bucket.arn, $interpolate`${bucket.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...statements,
    ]),
  });
}
