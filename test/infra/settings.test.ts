import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { settingsOf, settingsSchemaDocument } from "../../infra/settings.ts";

const root = resolve(import.meta.dirname, "../..");
const file = "daypass.config.json";
type Json = Record<string, unknown>;

/** The example with a change. */
function changed(change: (stage: Json) => void): string {
  const example = JSON.parse(readFileSync(join(root, "daypass.config.example.json"), "utf8")) as {
    stages: Record<string, Json>;
  };
  change(example.stages["production"] ?? {});
  return JSON.stringify(example);
}
const wrong = (change: (stage: Json) => void) => () => settingsOf("production", changed(change), file);

describe("the configuration file", () => {
  test("the example is right, and says what is left out", () => {
    const dev = settingsOf(
      "dev",
      changed(() => {}),
      file,
    );
    expect(dev).toMatchObject({
      networks: [],
      archive: { mode: "governance", days: 1 },
      signIn: {
        groupsClaim: "groups",
        groups: { whenAbsent: "unknown" },
        clientAuthentication: "basic",
        auditorGroups: [],
      },
    });
  });

  test("everything that is wrong is told at once, by its place", () => {
    const read = wrong((stage) => {
      stage["region"] = "Ireland";
      stage["logDays"] = 8;
      stage["alarms"] = { emails: [] };
      stage["colour"] = "blue";
      stage["networks"] = [
        { name: "main", vpc: { id: "vpc-1", subnets: [], securityGroups: ["sg-1"] }, vpn: 1 },
      ];
    });
    const lines = [
      /daypass\.config\.json is not right:/,
      /stages\.production\.region: must be a region/,
      /stages\.production\.logDays: /,
      /stages\.production\.alarms\.emails: names nobody/,
      /stages\.production\.networks\.0\.vpc\.subnets: /,
      /stages\.production\.networks\.0\.vpn is not a setting/,
      /stages\.production\.colour is not a setting/,
    ];
    for (const line of lines) expect(read).toThrow(line);
  });

  test.each<[string, RegExp, (stage: Json) => void]>([
    [
      "another meaning of an absent claim",
      /stages\.production\.signIn\.groups\.whenAbsent: /,
      (stage) => {
        stage["signIn"] = { ...(stage["signIn"] as Json), groups: { whenAbsent: "nothing" } };
      },
    ],
    [
      "two ways to a certificate",
      /domain: needs either/,
      (stage) => {
        stage["domain"] = { name: "a.example.com" };
      },
    ],
    [
      "a certificate that CloudFront does not find",
      /us-east-1/,
      (stage) => {
        stage["domain"] = {
          name: "a.example.com",
          certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        };
      },
    ],
    [
      "two networks of one name",
      /have one name twice/,
      (stage) => {
        stage["networks"] = [{ name: "main" }, { name: "main" }];
      },
    ],
    [
      "a beginning that takes in all secrets",
      /networks\.0\.administratorSecrets\.0: /,
      (stage) => {
        stage["networks"] = [{ name: "main", administratorSecrets: ["*"] }];
      },
    ],
    [
      "a beginning that takes in secrets of grants",
      /would let the broker read Daypass's own secrets/,
      (stage) => {
        stage["networks"] = [{ name: "main", administratorSecrets: ["daypass/production/"] }];
      },
    ],
    [
      "one beginning for two networks",
      /could read those of/,
      (stage) => {
        stage["networks"] = [
          { name: "one", administratorSecrets: ["databases/"] },
          { name: "two", administratorSecrets: ["databases/two/"] },
        ];
      },
    ],
    [
      "a sender that carries a second header",
      /mail\.from/,
      (stage) => {
        stage["mail"] = { from: "a@example.com\r\nBcc: b@example.com", identity: "example.com" };
      },
    ],
    [
      "a provider that is asked in clear",
      /signIn\.issuer/,
      (stage) => {
        stage["signIn"] = { ...(stage["signIn"] as Json), issuer: "http://id.example.com" };
      },
    ],
  ])("%s is refused", (_what, message, change) => {
    expect(wrong(change)).toThrow(message);
  });

  test("a stage that is not there is told together with those that are", () => {
    expect(() =>
      settingsOf(
        "prod",
        changed(() => {}),
        file,
      ),
    ).toThrow(/no "prod" \(it has production, dev\)/);
  });

  test("what is not JSON is told, and the name of a stage is short", () => {
    expect(() => settingsOf("dev", "{", file)).toThrow(/daypass\.config\.json is not right:\n/);
    expect(() => settingsOf("dev", '{"stages":{"Dev_1":{}}}', file)).toThrow(/the name of a stage must be/);
  });

  test("the schema that editors read is that of today", () => {
    const written = readFileSync(join(root, "infra/settings.schema.json"), "utf8");
    expect(JSON.parse(written)).toEqual(settingsSchemaDocument());
  });
});
