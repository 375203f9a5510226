/// <reference path="../.sst/platform/config.d.ts" />
import { existsSync, readdirSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
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

/** The names in assets/ are made from the content. Those of earlier versions stay, for pages that are open while a new
 * version arrives. */
function uploadFile(bucket: aws.s3.Bucket, path: string): void {
  const isNamedByContent = path.startsWith("assets/");
  new aws.s3.BucketObjectv2(
    `Page/${path}`,
    {
      bucket: bucket.bucket,
      key: path,
      source: new $util.asset.FileAsset(join(folder, path)),
      contentType: contentTypes[extname(path)] ?? "application/octet-stream",
      cacheControl: isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache",
    },
    { retainOnDelete: isNamedByContent },
  );
}

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};

/** The same headers as on one machine; sign-in and sign-out lead to the identity provider by a form. */
function pageHeaders(stage: Stage): aws.cloudfront.ResponseHeadersPolicy {
  const contentSecurityPolicy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    `form-action 'self' ${new URL(stage.settings.signIn.issuer).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const custom = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
  };
  return new aws.cloudfront.ResponseHeadersPolicy("PageHeaders", {
    name: stage.named("page"),
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "same-origin", override: true },
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
