import { parseArgs } from "node:util";

export type Arguments = { reset: boolean; help: boolean; port?: number };

/** Reads what stands behind `npm start --`. Throws with a sentence about the first thing it does not know. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      reset: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      port: { type: "string" },
    },
  });
  return {
    reset: values.reset,
    help: values.help,
    ...(values.port === undefined ? {} : { port: portOf(values.port) }),
  };
}

export const usage = `npm start                    start, or carry on where it stopped
npm start -- --reset         forget everything and begin anew
npm start -- --port 8080     another port for the page
DAYPASS_HOME=/some/folder    keeps the state there instead of in .daypass`;

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Error(`--port takes a number from 1 to 65535, not "${text}"`);
  }
  return port;
}
