import { describe, expect, test } from "vitest";
import { EnvironmentError, readEnvironment } from "./environment.ts";

const network = {
  id: "net_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  name: "main",
  stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:grant",
  inspectionStateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:inspect",
  reconciliationStateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:reconcile",
  brokerFunction: "broker",
  runnerFunction: "runner",
};

describe("the environment", () => {
  test("all that is missing or wrong is told at once, without the values", () => {
    const source = { DAYPASS_TABLE: "", DAYPASS_ORIGIN: "http://secret.example.com", DAYPASS_NETWORKS: "{" };
    const read = () => readEnvironment(["table", "stack", "origin", "networks"], source);
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(
      /DAYPASS_TABLE is missing\n.*DAYPASS_STACK is missing\n.*DAYPASS_ORIGIN must be.*\n.*DAYPASS_NETWORKS is not JSON/,
    );
    expect(read).not.toThrow(/secret/);
  });

  test("lists and networks are parsed", () => {
    const read = readEnvironment(["administratorGroups", "auditorGroups", "networks"], {
      DAYPASS_ADMINISTRATOR_GROUPS: "administrators, sre ,",
      DAYPASS_NETWORKS: JSON.stringify([network]),
    });
    expect(read).toEqual({
      administratorGroups: ["administrators", "sre"],
      auditorGroups: [],
      networks: [network],
    });
  });

  test("how groups are read has defaults that fail closed, and wrong values are told by their names", () => {
    const wanted = [
      "oidcGroupsClaim",
      "oidcGroupsWhenAbsent",
      "oidcGroupsSeparator",
      "oidcGroupsField",
    ] as const;
    expect(readEnvironment(wanted, {})).toEqual({
      oidcGroupsClaim: "groups",
      oidcGroupsWhenAbsent: "unknown",
      oidcGroupsSeparator: undefined,
      oidcGroupsField: undefined,
    });
    const wrong = { DAYPASS_OIDC_GROUPS_WHEN_ABSENT: "nothing", DAYPASS_OIDC_GROUPS_FIELD: "title" };
    expect(() => readEnvironment(wanted, wrong)).toThrow(
      /DAYPASS_OIDC_GROUPS_WHEN_ABSENT .*\n.*DAYPASS_OIDC_GROUPS_FIELD /,
    );
  });

  test("unknown fields of a network are refused", () => {
    const source = { DAYPASS_NETWORKS: JSON.stringify([{ ...network, vpc: "v" }]) };
    expect(() => readEnvironment(["networks"], source)).toThrow(/DAYPASS_NETWORKS Unrecognized key/);
  });

  test.each([
    "http://example.com",
    "https://example.com/",
    "https://example.com/path",
    "ftp://127.0.0.1",
    "x",
  ])("%s is no origin", (origin) => {
    expect(() => readEnvironment(["origin"], { DAYPASS_ORIGIN: origin })).toThrow(EnvironmentError);
  });

  test.each([
    "https://daypass.example.com",
    "https://daypass.example.com:8443",
    "http://127.0.0.1:4180",
    "http://localhost:4180",
  ])("%s is an origin", (origin) => {
    expect(readEnvironment(["origin"], { DAYPASS_ORIGIN: origin })).toEqual({ origin });
  });

  test("a handler that does not ask for a variable does not miss it", () => {
    expect(readEnvironment(["table"], { DAYPASS_TABLE: "daypass" })).toEqual({ table: "daypass" });
  });

  test("a mail address cannot carry a second header", () => {
    const from = (text: string) => readEnvironment(["mailFrom"], { DAYPASS_MAIL_FROM: text });
    expect(from("Daypass <daypass@example.com>")).toEqual({ mailFrom: "Daypass <daypass@example.com>" });
    expect(() => from("a@example.com\r\nBcc: b@example.com")).toThrow(EnvironmentError);
  });
});
