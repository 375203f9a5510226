import { s3RouteOf } from "../s3/route.ts";
import type { ServiceName } from "./faults.ts";

/** Which operation of which service a request asks for, read from its headers and path alone. */
export interface Route {
  readonly service: ServiceName | "dynamodb";
  /** Empty where the body names it (STS). */
  readonly operation: string;
  /** What the path carries, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly contentType: string;
}

const targets: Record<string, { service: Route["service"]; contentType: string }> = {
  secretsmanager: { service: "secretsmanager", contentType: "application/x-amz-json-1.1" },
  AWSStepFunctions: { service: "sfn", contentType: "application/x-amz-json-1.0" },
  DynamoDB_20120810: { service: "dynamodb", contentType: "application/x-amz-json-1.0" },
  DynamoDBStreams_20120810: { service: "dynamodb", contentType: "application/x-amz-json-1.0" },
};

const paths: readonly [method: string, pattern: RegExp, service: ServiceName, operation: string][] = [
  ["POST", /^\/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/invocations\/?$/, "lambda", "Invoke"],
  [
    "POST",
    /^\/2021-11-15\/functions\/(?<FunctionName>[^/]+)\/response-streaming-invocations\/?$/,
    "lambda",
    "InvokeWithResponseStream",
  ],
  ["POST", /^\/schedules\/(?<Name>[^/]+)$/, "scheduler", "CreateSchedule"],
  ["PUT", /^\/schedules\/(?<Name>[^/]+)$/, "scheduler", "UpdateSchedule"],
  ["DELETE", /^\/schedules\/(?<Name>[^/]+)$/, "scheduler", "DeleteSchedule"],
  ["POST", /^\/v2\/email\/outbound-emails$/, "sesv2", "SendEmail"],
];

/** Undefined for what no service here answers. */
export function routeOf(request: Request): Route | undefined {
  const s3 = s3RouteOf(request);
  if (s3 !== undefined) return { service: "s3", ...s3, contentType: "application/xml" };
  const target = request.headers.get("x-amz-target");
  if (target !== null) {
    const [prefix = "", operation = ""] = target.split(".");
    const known = Object.hasOwn(targets, prefix) ? targets[prefix] : undefined;
    return known && request.method === "POST" ? { ...known, operation, path: {} } : undefined;
  }
  const { pathname } = new URL(request.url);
  for (const [method, pattern, service, operation] of paths) {
    const match = method === request.method ? pattern.exec(pathname) : null;
    if (match === null) continue;
    return { service, operation, path: decoded(match.groups ?? {}), contentType: "application/json" };
  }
  const isForm = (request.headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded");
  if (request.method === "POST" && pathname === "/" && isForm) {
    return { service: "sts", operation: "", path: {}, contentType: "text/xml" };
  }
  return undefined;
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
