import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { startAws } from "@daypass/local/aws/start-aws.ts";

/** Run by `startMachine`: serves until it is killed. Its functions note their calls in the folder. */
const [, , folder = ""] = process.argv;
const note = (text: string): void => appendFileSync(join(folder, "notes"), `${text}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const aws = await startAws({
  folder: join(folder, "aws"),
  functions: {
    note: {
      timeoutMs: 60_000,
      load: async () => (event: { text: string }) => {
        note(event.text);
        return event;
      },
    },
    "note-slowly": {
      timeoutMs: 60_000,
      load: async () => async (event: { text: string; ms: number }) => {
        note(`${event.text} begins`);
        await pause(event.ms);
        note(`${event.text} ends`);
        return { text: event.text, ms: 0 };
      },
    },
    fail: {
      timeoutMs: 60_000,
      load: async () => (event: { text: string }) => {
        note(event.text);
        throw new Error("always");
      },
    },
  },
});
console.log(JSON.stringify(aws.environment));
