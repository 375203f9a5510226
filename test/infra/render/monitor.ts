import { createRequire } from "node:module";
import { join } from "node:path";
import { callFunction, newResource, secretNamed } from "./mocks.ts";
import { type Resource, region } from "./rendered.ts";

type Request = { getProtect(): boolean; getRetainondelete(): boolean; getName(): string; getType(): string };
type Callback = (error: Error | null, response?: unknown) => void;
type Monitor = {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: Request, callback: Callback): Promise<void>;
  readResource(request: Request, callback: Callback): Promise<void>;
};
type Asked = { type: string; name: string; inputs: object; custom?: boolean };
type Pulumi = {
  runtime: {
    setMocks(mocks: object, project: string, stack: string, preview: boolean): Promise<void> | void;
    runInPulumiStack(program: () => Promise<unknown>): Promise<Record<string, unknown>>;
  };
};

export type Recording = { resources(): Resource[]; secrets: Set<string> };

/** Runs a Pulumi program against an AWS that answers everything and does nothing, and records what was asked of it.
 * Pulumi's own mocks do not tell the options of a resource, nor what was only looked up; the monitor behind them does. */
export async function record(
  platform: string,
  stage: string,
  program: () => Promise<unknown>,
): Promise<{ recording: Recording; ended: Promise<Record<string, unknown>> }> {
  const require = createRequire(join(platform, "package.json"));
  const pulumi = require("@pulumi/pulumi") as Pulumi;
  const settings = require("@pulumi/pulumi/runtime/settings") as { getMonitor(): Monitor };
  const made: Omit<Resource, "protect" | "retainOnDelete">[] = [];
  const options = new Map<string, Pick<Resource, "protect" | "retainOnDelete">>();
  const lookedUp = new Set<string>();
  const secrets = new Set<string>();
  process.env["PULUMI_CONFIG"] = JSON.stringify({ "aws:region": region });
  const mocks = {
    newResource({ type, name, inputs, custom }: Asked) {
      const plain = unwrapped(inputs, secrets) as Record<string, unknown>;
      // Components are folders; what they hold is made by itself.
      if (custom) made.push({ type, name, inputs: plain });
      if (type === "random:index/randomPassword:RandomPassword") secrets.add(secretNamed(name));
      return newResource(type, name, plain);
    },
    call: ({ token }: { token: string }) => callFunction(token),
  };
  await pulumi.runtime.setMocks(mocks, "daypass", stage, false);

  const monitor = settings.getMonitor();
  const keyOf = (request: Request) => `${request.getType()}::${request.getName()}`;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    options.set(keyOf(request), {
      protect: request.getProtect() === true,
      retainOnDelete: request.getRetainondelete() === true,
    });
    return register(request, callback);
  };
  const read = monitor.readResource.bind(monitor);
  monitor.readResource = (request, callback) => {
    lookedUp.add(keyOf(request));
    return read(request, callback);
  };
  // The root of all is no part of anybody's name.
  const newUrn = monitor.newUrn.bind(monitor);
  monitor.newUrn = (parent, type, name) =>
    newUrn(parent.includes("::pulumi:pulumi:Stack::") ? "" : parent, type, name);

  const resources = () =>
    made.flatMap((resource) => {
      const key = `${resource.type}::${resource.name}`;
      const told = options.get(key);
      return lookedUp.has(key) || !told ? [] : [{ ...resource, ...told }];
    });
  return { recording: { resources, secrets }, ended: pulumi.runtime.runInPulumiStack(program) };
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Pulumi wraps secret values and files; what is inside is what AWS would get. */
function unwrapped(value: unknown, secrets: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => unwrapped(one, secrets));
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  const signature = fields[signatureKey];
  if (signature === secretSignature) {
    const inside = unwrapped(fields["value"], secrets);
    if (typeof inside === "string") secrets.add(inside);
    return inside;
  }
  if (signature !== undefined) return { asset: fields["path"] ?? fields["text"] ?? "" };
  return Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, unwrapped(one, secrets)]));
}
