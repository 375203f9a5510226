import { Failure } from "./failure.ts";

/** Asks at the terminal, on standard error so that results stay alone, and shows nothing of what is typed. */
export function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    let typed = "";
    const settle = (finish: () => void) => {
      stdin.off("data", read).setRawMode(false).pause();
      stderr.write("\n");
      finish();
    };
    const read = (chunk: Buffer) => {
      for (const character of chunk.toString("utf8")) {
        if (character === "\r" || character === "\n") return settle(() => resolve(typed));
        if (character === "\u0003" || character === "\u0004") {
          return settle(() => reject(new Failure("No token was given.")));
        }
        typed = character === "\u007F" || character === "\b" ? typed.slice(0, -1) : typed + character;
      }
    };
    stderr.write(question);
    stdin.setRawMode(true).resume().on("data", read);
  });
}
