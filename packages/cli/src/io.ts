/** What a command needs of the world, so that it can be run without one. */
export type Io = {
  env: Readonly<Record<string, string | undefined>>;
  /** Results alone: what a script reads. */
  out: (text: string) => void;
  /** Progress and failures: what a person reads. */
  err: (text: string) => void;
  /** Whether results go to a terminal, which may be coloured. */
  isTerminal: boolean;
  /** Asks without showing what is typed; undefined where nobody is there to ask. */
  askSecret?: (question: string) => Promise<string>;
  readConfig: (path: string) => Promise<ConfigFile>;
  fetch: typeof fetch;
  nowMs: () => number;
  sleep: (milliseconds: number) => Promise<void>;
  /** Aborted when the person has had enough. */
  signal: AbortSignal;
};

/** A file as it was opened: its text, and who may read it. `undefined`: there is none. */
export type ConfigFile = { text: string; mode: number; isOwn: boolean } | undefined;
