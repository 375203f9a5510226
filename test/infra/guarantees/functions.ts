import { functionsIn } from "../render/policies.ts";
import { type Guarantee, unless } from "./guarantee.ts";

const megabyte = 1024 * 1024;
/** API Gateway gives up after 30 s; a turn of the workflow after 120; the schedule comes again after a minute. */
const longestSeconds: Record<string, number> = {
  api: 29,
  "api-stream": 60,
  broker: 119,
  runner: 11,
  sweep: 119,
};
/** What faces people has no place where administrators' secrets are read. */
const facesPeople = /^packages\/functions\/src\/http\/|node_modules\/(hono|openid-client)\//;
const drivers = /node_modules\/(pg|pg-[a-z]+|mysql2)\//;

export const functions: Guarantee[] = [
  {
    name: "every function has a handler that is bundled and exported, on the runtime that everything was tested on",
    problems(rendered) {
      const bundled = new Set(rendered.bundles.map(({ functionId }) => functionId));
      return functionsIn(rendered).flatMap(({ id, part, inputs }) => [
        ...unless(bundled.has(id), `${part}: is not bundled`),
        ...unless(inputs["runtime"] === "nodejs24.x", `${part}: runs on ${String(inputs["runtime"])}`),
        ...unless(
          (inputs["tracingConfig"] as Record<string, unknown> | undefined)?.["mode"] === "Active",
          `${part}: leaves no trace`,
        ),
      ]);
    },
  },
  {
    name: "bundles stay small, and only brokers and runners carry database drivers",
    problems(rendered) {
      return rendered.bundles.flatMap(({ functionId, bytes, modules }) => {
        const isDataPlane = /^(Broker|Runner)/.test(functionId);
        const carries = modules.filter((module) => drivers.test(module));
        const most = isDataPlane ? 3 : 1.5;
        const faces = modules.find((module) => facesPeople.test(module));
        return [
          ...unless(
            bytes <= most * megabyte,
            `${functionId}: its bundle has ${(bytes / megabyte).toFixed(2)} MB`,
          ),
          ...unless(isDataPlane || carries.length === 0, `${functionId}: carries ${carries[0] ?? ""}`),
          ...unless(!isDataPlane || carries.length > 0, `${functionId}: carries no driver`),
          ...unless(!isDataPlane || faces === undefined, `${functionId}: carries ${faces ?? ""}`),
          ...unless(
            !modules.some((module) => module.startsWith("packages/local/")),
            `${functionId}: carries the AWS of one machine`,
          ),
        ];
      });
    },
  },
  {
    name: "every function ends before whoever waits for it gives up",
    problems(rendered) {
      return functionsIn(rendered).flatMap(({ part, inputs }) => {
        const longest = longestSeconds[part] ?? longestSeconds[part.split("-")[0] ?? ""] ?? 60;
        return unless(
          Number(inputs["timeout"]) <= longest,
          `${part}: may take ${String(inputs["timeout"])} s`,
        );
      });
    },
  },
  {
    name: "every environment fits into the 4 KB that Lambda takes",
    problems(rendered) {
      return functionsIn(rendered).flatMap(({ part, variables }) => {
        const bytes = Buffer.byteLength(Object.entries(variables).flat().join(""));
        return unless(bytes <= 4096, `${part}: its environment has ${bytes} bytes`);
      });
    },
  },
  {
    name: "no environment holds a secret, or a variable that the application does not know",
    problems(rendered) {
      return functionsIn(rendered).flatMap(({ part, variables }) =>
        Object.entries(variables).flatMap(([name, value]) => [
          ...unless(
            !rendered.secrets.some((secret) => value.includes(secret)),
            `${part}: ${name} holds a secret`,
          ),
          ...unless(
            !/(secret|password|token|key)/i.test(name) || /(_NAME|_SHA256)$/.test(name),
            `${part}: ${name} looks like a secret`,
          ),
          ...unless(
            name.startsWith("DAYPASS_") || name === "NODE_EXTRA_CA_CERTS",
            `${part}: ${name} is no variable of the application`,
          ),
        ]),
      );
    },
  },
];
