/// <reference path="../.sst/platform/config.d.ts" />
import { existsSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import {
  fileHeaders,
  isNamedByContent,
  pageSecurityHeaders,
} from "../packages/functions/src/page-headers.ts";
import { attachBucketPolicy, createPrivateBucket } from "./bucket.ts";
import type { Stage } from "./stage.ts";

const folder = "web/dist";

/** The built page in a bucket that CloudFront alone reads. */
export function createPage(stage: Stage) {
  const bucket = createPrivateBucket(stage, "page", { protect: false, isEmptiedOnRemoval: true });
  for (const path of builtFiles()) uploadFile(bucket, path);
  return {
    bucket,
    headers: pageHeaders(stage),
    letIn(distributionArn: $util.Output<string>) {
      const condition = { StringEquals: { "aws:SourceArn": distributionArn } };
      const principal = { Service: "cloudfront.amazonaws.com" };
      attachBucketPolicy("page", bucket, [
        {
          Principal: principal,
          Action: "s3:GetObject",
          Resource: $interpolate`${bucket.arn}/*`,
          Condition: condition,
        },
        // Else a file that is missing is answered by 403 instead of 404.
        { Principal: principal, Action: "s3:ListBucket", Resource: bucket.arn, Condition: condition },
      ]);
    },
  };
}

function builtFiles(): string[] {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)).split(sep).join("/"));
  if (!paths.includes("index.html")) {
    throw new Error(`${folder} has no page in it: run "npm run build:web" before deploying.`);
  }
  return paths.toSorted();
}

/** Files of earlier versions that are named by their content stay, for pages that are open while a new version arrives. */
function uploadFile(bucket: aws.s3.Bucket, path: string): void {
  new aws.s3.BucketObjectv2(
    `Page/${path}`,
    {
      bucket: bucket.bucket,
      key: path,
      source: new $util.asset.FileAsset(join(folder, path)),
      ...fileHeaders(path),
    },
    { retainOnDelete: isNamedByContent(path) },
  );
}

/** CloudFront has a place of its own for some of them; the others are custom ones to it. */
function pageHeaders(stage: Stage): aws.cloudfront.ResponseHeadersPolicy {
  const {
    "content-security-policy": contentSecurityPolicy,
    "referrer-policy": referrerPolicy,
    "x-content-type-options": _nosniff,
    ...custom
  } = pageSecurityHeaders(stage.settings.signIn.issuer);
  return new aws.cloudfront.ResponseHeadersPolicy("PageHeaders", {
    name: stage.named("page"),
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy, override: true },
      strictTransportSecurity: {
        accessControlMaxAgeSec: 63_072_000,
        includeSubdomains: true,
        override: true,
      },
    },
    customHeadersConfig: {
      items: Object.entries(custom).map(([header, value]) => ({ header, value, override: true })),
    },
  });
}
