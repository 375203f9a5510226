import { spawn } from "node:child_process";

/** How text comes into a program: from a file; typed by a terminal line by line; or as one piece, as most terminals
 * tell readline today. */
export const waysToPaste = ["from a file", "line by line", "as one piece"] as const;
export type WayToPaste = (typeof waysToPaste)[number];

type Program = {
  /** With the words that it is begun with. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  folder: string;
  /** What it shows when it waits at a terminal. */
  prompt: RegExp;
  leave: string;
};

/** Pastes the text into the real program and answers all that it said. */
export async function paste(program: Program, text: string, how: WayToPaste): Promise<string> {
  const { command, environment, folder, prompt, leave } = program;
  const atTerminal = how !== "from a file";
  const [name = "", ...words] = atTerminal
    ? [
        "script",
        "--quiet",
        "--return",
        "--echo",
        "never",
        "--command",
        command.map(word).join(" "),
        "/dev/null",
      ]
    : command;
  const child = spawn(name, words, {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      TERM: "xterm",
      PAGER: "cat",
      LANG: "C.UTF-8",
      ...environment,
    },
  });
  let said = "";
  let isPasted = false;
  const listen = (chunk: Buffer) => {
    said += chunk.toString("utf8");
    if (!atTerminal || isPasted || !prompt.test(said)) return;
    isPasted = true;
    const keys = text.replaceAll("\n", "\r");
    child.stdin.write(how === "as one piece" ? `\u001B[200~${keys}\u001B[201~\r` : `${keys}\r`);
    child.stdin.write(`${leave}\r`);
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  if (!atTerminal) child.stdin.end(`${text}\n`);
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return said;
}

function word(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
