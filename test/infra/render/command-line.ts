import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type BuildInput, type BuildOutput, bundleHandler } from "./bundle-handler.ts";
import type { Bundle } from "./rendered.ts";

/** Stands in for the server of SST's command line, which functions ask to be bundled.
 * @returns its address. It keeps no process alive. */
export async function startCommandLine(
  root: string,
  current: () => { folder: string; isQuick: boolean; bundles: Bundle[] },
): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
        method: string;
        params: [BuildInput];
      };
      answer(method, params[0]).then(
        (result) => response.end(JSON.stringify({ result })),
        (error: unknown) => response.end(JSON.stringify({ error: String(error) })),
      );
    });
    response.setHeader("connection", "close");
  });

  async function answer(method: string, input: BuildInput): Promise<BuildOutput | object> {
    switch (method) {
      case "Provider.Aws.Bootstrap":
        return { asset: "sst-asset-example", state: "sst-state-example" };
      case "Runtime.Build": {
        const { folder, isQuick, bundles } = current();
        const { output, bundle } = await bundleHandler(root, folder, input);
        if (bundle) bundles.push(bundle);
        // Facts about the bundle are known by now; putting it into an archive again would take most of the time.
        return isQuick ? { ...output, out: join(root, "test/infra/small-page") } : output;
      }
      default:
        throw new Error(`SST asks its command line for ${method}, which the tests do not know.`);
    }
  }

  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
