import { describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";
import type { ConfigFile } from "./io.ts";
import { token, worldOf } from "./world.example.ts";

const path = "/home/priya/.config/daypass/config.json";
const file = (value: unknown, more: Partial<NonNullable<ConfigFile>> = {}): ConfigFile => ({
  text: typeof value === "string" ? value : JSON.stringify(value),
  mode: 0o100600,
  isOwn: true,
  ...more,
});
const other = `dpt_01JD8Z5K3QW8R4T6Y2X9V7B1CN_${"y".repeat(43)}`;
const world = (
  env: Record<string, string>,
  files: Record<string, ConfigFile> = {},
  askSecret?: () => Promise<string>,
) =>
  worldOf(() => ({ body: {} }), {
    env: { HOME: "/home/priya", ...env },
    files,
    ...(askSecret ? { askSecret } : {}),
  }).io;
const none = { url: undefined, config: undefined };

describe("address and token", () => {
  test("come from the file, before it from the environment, before it from the option", async () => {
    const files = { [path]: file({ url: "https://file.example.com", token }) };
    expect((await readConfig(world({}, files), none)).url.host).toBe("file.example.com");
    const env = { DAYPASS_URL: "https://env.example.com", DAYPASS_TOKEN: other };
    const fromEnv = await readConfig(world(env, files), none);
    expect([fromEnv.url.host, fromEnv.token]).toEqual(["env.example.com", other]);
    const given = { ...none, url: "https://option.example.com" };
    expect((await readConfig(world(env, files), given)).url.host).toBe("option.example.com");
  });

  test("are looked for where XDG says, or where --config says", async () => {
    const value = file({ url: "https://file.example.com", token });
    const xdg = world({ XDG_CONFIG_HOME: "/etc/xdg" }, { "/etc/xdg/daypass/config.json": value });
    expect((await readConfig(xdg, none)).token).toBe(token);
    const named = world({}, { "/run/secrets/daypass": value });
    expect((await readConfig(named, { ...none, config: "/run/secrets/daypass" })).token).toBe(token);
    await expect(readConfig(world({}), { ...none, config: "/nowhere" })).rejects.toThrow(
      "There is no /nowhere.",
    );
  });

  test("are asked for at a terminal, and nowhere else", async () => {
    const env = { DAYPASS_URL: "https://daypass.example.com" };
    const asked = await readConfig(
      world(env, {}, async () => `${token}\n`),
      none,
    );
    expect(asked.token).toBe(token);
    await expect(readConfig(world(env), none)).rejects.toThrow("There is no token.");
    await expect(readConfig(world({}), none)).rejects.toThrow("not known where Daypass is");
  });
});

describe("a file with a token", () => {
  test.each([0o100644, 0o100640, 0o100604])("that others may read (%o) is refused", async (mode) => {
    const files = { [path]: file({ url: "https://daypass.example.com", token }, { mode }) };
    await expect(readConfig(world({}, files), none)).rejects.toThrow("not for your eyes alone");
  });

  test("that belongs to somebody else is refused; without a token it may be read by all", async () => {
    const files = { [path]: file({ url: "https://daypass.example.com", token }, { isOwn: false }) };
    await expect(readConfig(world({}, files), none)).rejects.toThrow("not for your eyes alone");
    const open = { [path]: file({ url: "https://daypass.example.com" }, { mode: 0o100644 }) };
    expect((await readConfig(world({ DAYPASS_TOKEN: token }, open), none)).token).toBe(token);
  });

  test.each(["not json", { tokne: "typo" }, { token: 7 }, []])("that says %j is refused", async (value) => {
    await expect(readConfig(world({}, { [path]: file(value) }), none)).rejects.toThrow("not as it should be");
  });
});

describe("what a token is sent to", () => {
  test.each([
    "http://daypass.example.com",
    "http://192.0.2.7",
    "http://127.0.0.1.example.com",
    "ftp://daypass.example.com",
    "https://daypass.example.com/page",
    "https://user:pass@daypass.example.com",
    "https://daypass.example.com/?a=1",
    "daypass.example.com",
  ])("%s is refused", async (url) => {
    await expect(readConfig(world({ DAYPASS_TOKEN: token, DAYPASS_URL: url }), none)).rejects.toThrow(
      /not as it should be|not sent without encryption/,
    );
  });

  test.each(["http://localhost:4400", "http://127.0.0.1:4400", "http://[::1]:4400/"])(
    "%s is this machine",
    async (url) => {
      await readConfig(world({ DAYPASS_TOKEN: token, DAYPASS_URL: url }), none);
    },
  );

  test("a token of another shape is not sent, and not repeated", async () => {
    const env = { DAYPASS_URL: "https://daypass.example.com", DAYPASS_TOKEN: "hunter2" };
    const failing = readConfig(world(env), none);
    await expect(failing).rejects.toThrow("not one of Daypass's");
    await expect(failing).rejects.not.toThrow("hunter2");
  });
});
