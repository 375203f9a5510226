import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "./failure.ts";
import type { Io } from "./io.ts";

export type Config = { url: URL; token: string };

const fileSchema = z.strictObject({ url: z.string().optional(), token: z.string().optional() });

/** Where Daypass is and as whom: option, then environment, then file; the token last of all by asking. */
export async function readConfig(
  io: Io,
  given: { url: string | undefined; config: string | undefined },
): Promise<Config> {
  const path = given.config ?? defaultPath(io);
  const file = await readFile(io, path, given.config !== undefined);
  const address = given.url ?? (io.env["DAYPASS_URL"] || file.url);
  if (address === undefined) {
    throw new Failure(
      "It is not known where Daypass is.",
      `Give --url https://daypass.example.com, set DAYPASS_URL, or write it to ${path}.`,
    );
  }
  const url = addressOf(address);
  const token = io.env["DAYPASS_TOKEN"] || file.token || (await asked(io, url, path));
  return { url, token: tokenOf(token) };
}

function defaultPath({ env }: Io): string {
  return join(env["XDG_CONFIG_HOME"] || join(env["HOME"] || homedir(), ".config"), "daypass", "config.json");
}

async function readFile(io: Io, path: string, isWanted: boolean): Promise<z.output<typeof fileSchema>> {
  const file = await io.readConfig(path);
  if (!file) {
    if (isWanted) throw new Failure(`There is no ${path}.`);
    return {};
  }
  const parsed = fileSchema.safeParse(jsonOf(file.text));
  if (!parsed.success) {
    throw new Failure(
      `${path} is not as it should be.`,
      'It takes { "url": "https://…", "token": "dpt_…" }.',
    );
  }
  if (parsed.data.token !== undefined && ((file.mode & 0o077) !== 0 || !file.isOwn)) {
    throw new Failure(
      `${path} holds a token and is not for your eyes alone.`,
      `chmod 600 ${path}, as its owner; if others could read it so far, revoke the token and make another.`,
    );
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An origin and nothing else. In clear only on this machine: a token would travel with each call. */
function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (!url || !isPlain || url.password !== "" || !/^https?:$/.test(url.protocol)) {
    throw new Failure(
      "The address of Daypass is not as it should be.",
      "Such as https://daypass.example.com",
    );
  }
  if (url.protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) {
    throw new Failure(
      "A token is not sent without encryption to another machine.",
      `Use https://${url.host}`,
    );
  }
  return url;
}

async function asked(io: Io, url: URL, path: string): Promise<string> {
  if (!io.askSecret) {
    throw new Failure(
      "There is no token.",
      `Set DAYPASS_TOKEN, or write it to ${path} (chmod 600). Make one at ${url.origin}/settings/tokens.`,
    );
  }
  return io.askSecret(`Token for ${url.origin} (made at ${url.origin}/settings/tokens): `);
}

/** Refused here, and never repeated: whatever it is, it is secret. */
function tokenOf(text: string): string {
  const token = text.trim();
  if (!/^dpt_[0-9A-Z]{26}_[A-Za-z0-9_-]{43}$/.test(token)) {
    throw new Failure("The token is not one of Daypass's.", "It begins with dpt_ and is 74 characters long.");
  }
  return token;
}
