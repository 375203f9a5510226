/// <reference path="../.sst/platform/config.d.ts" />
import type { Stage } from "./stage.ts";

/** Addresses of the page have no dot in their last part and are all answered by it; a file that is missing is missing. */
export function pageRequest(stage: Stage): aws.cloudfront.Function {
  return edgeFunction(stage, "page", `if (!/\\.[^/]*$/.test(request.uri)) request.uri = "/index.html";`);
}

/** Behind CloudFront the gateway sees CloudFront's address. What the viewer claims about itself is written over. */
export function apiRequest(stage: Stage): aws.cloudfront.Function {
  return edgeFunction(stage, "api", viewerAddress);
}

/** Signing for the function URL, CloudFront puts its signature where the viewer's token was. */
export function streamRequest(stage: Stage): aws.cloudfront.Function {
  return edgeFunction(
    stage,
    "stream",
    `${viewerAddress}
  delete request.headers["x-daypass-authorization"];
  if (request.headers.authorization) request.headers["x-daypass-authorization"] = request.headers.authorization;`,
  );
}

const viewerAddress = `request.headers["x-daypass-viewer-address"] = { value: event.viewer.ip };`;

function edgeFunction(stage: Stage, part: string, body: string): aws.cloudfront.Function {
  return new aws.cloudfront.Function(`${part.charAt(0).toUpperCase()}${part.slice(1)}Request`, {
    name: stage.named(`${part}-request`),
    runtime: "cloudfront-js-2.0",
    publish: true,
    code: `function handler(event) {
  var request = event.request;
  ${body}
  return request;
}
`,
  });
}
