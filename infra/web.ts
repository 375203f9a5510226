/// <reference path="../.sst/platform/config.d.ts" />

import { streamedPaths } from "../packages/functions/src/http/streamed-paths.ts";
import { createAddress } from "./address.ts";
import type { Api } from "./api.ts";
import { apiRequest, pageRequest, streamRequest } from "./edge.ts";
import { createPage } from "./page.ts";
import type { Secrets } from "./secrets.ts";
import type { Stage } from "./stage.ts";

/** Policies that AWS keeps, by their ids. */
const managed = {
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
};

/** One address for page and API, so that cookies and redirects belong to one origin. */
export function createWeb(stage: Stage, { api, secrets }: { api: Api; secrets: Secrets }) {
  const page = createPage(stage);
  const viaStream = streamRequest(stage);
  const address = createAddress(stage);
  const signed = (name: string, type: "s3" | "lambda") =>
    new aws.cloudfront.OriginAccessControl(name, {
      name: stage.named(type),
      originAccessControlOriginType: type,
      signingBehavior: "always",
      signingProtocol: "sigv4",
    }).id;
  const shown = { name: "x-daypass-origin-secret", value: secrets.originValue };
  const throughTls = {
    httpPort: 80,
    httpsPort: 443,
    originProtocolPolicy: "https-only",
    originSslProtocols: ["TLSv1.2"],
    originReadTimeout: 60,
  };
  const dynamic = {
    allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId: managed.cachingDisabled,
    originRequestPolicyId: managed.allViewerExceptHost,
    viewerProtocolPolicy: "https-only",
    compress: true,
  };
  const distribution = new aws.cloudfront.Distribution("Distribution", {
    comment: stage.named("web"),
    enabled: true,
    isIpv6Enabled: true,
    httpVersion: "http2and3",
    priceClass: "PriceClass_All",
    aliases: [stage.settings.domain.name],
    viewerCertificate: {
      acmCertificateArn: address.certificateArn,
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    },
    restrictions: { geoRestriction: { restrictionType: "none" } },
    origins: [
      {
        originId: "page",
        domainName: page.bucket.bucketRegionalDomainName,
        originAccessControlId: signed("PageOriginAccess", "s3"),
      },
      {
        originId: "api",
        domainName: api.gateway.apiEndpoint.apply((url) => new URL(url).host),
        customOriginConfig: throughTls,
        customHeaders: [shown],
      },
      {
        originId: "stream",
        domainName: api.streamUrl.functionUrl.apply((url) => new URL(url).host),
        originAccessControlId: signed("StreamOriginAccess", "lambda"),
        customOriginConfig: throughTls,
        customHeaders: [shown],
      },
    ],
    defaultCacheBehavior: {
      targetOriginId: "page",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      cachePolicyId: managed.cachingOptimized,
      viewerProtocolPolicy: "redirect-to-https",
      compress: true,
      responseHeadersPolicyId: page.headers.id,
      functionAssociations: [{ eventType: "viewer-request", functionArn: pageRequest(stage).arn }],
    },
    orderedCacheBehaviors: [
      ...streamedPaths.map((pathPattern) => ({
        ...dynamic,
        pathPattern,
        targetOriginId: "stream",
        // What is signed for a function URL has no body.
        allowedMethods: ["GET", "HEAD"],
        functionAssociations: [{ eventType: "viewer-request", functionArn: viaStream.arn }],
      })),
      {
        ...dynamic,
        pathPattern: "/api/*",
        targetOriginId: "api",
        functionAssociations: [{ eventType: "viewer-request", functionArn: apiRequest(stage).arn }],
      },
    ],
    // Else CloudFront keeps an error of one person for the next ones, ten seconds long.
    customErrorResponses: [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504].map((errorCode) => ({
      errorCode,
      errorCachingMinTtl: 0,
    })),
  });
  page.letIn(distribution.arn);
  for (const [name, permission] of [
    ["CloudFrontMayCallStreamUrl", { action: "lambda:InvokeFunctionUrl", functionUrlAuthType: "AWS_IAM" }],
    ["CloudFrontMayCallStream", { action: "lambda:InvokeFunction", invokedViaFunctionUrl: true }],
  ] as const) {
    new aws.lambda.Permission(name, {
      ...permission,
      function: api.stream.name,
      principal: "cloudfront.amazonaws.com",
      sourceArn: distribution.arn,
    });
  }
  address.pointAt(distribution);
  return { distribution };
}
