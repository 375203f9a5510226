import { afterEach, expect, test, vi } from "vitest";
import { apiParts } from "./control-plane.ts";
import { EnvironmentError } from "./environment.ts";

afterEach(() => vi.unstubAllEnvs());

const complete = {
  AWS_REGION: "us-east-1",
  DAYPASS_TABLE: "daypass",
  DAYPASS_STACK: "test",
  DAYPASS_ORIGIN: "https://daypass.example.com",
  DAYPASS_OIDC_ISSUER: "https://id.example.com",
  DAYPASS_OIDC_CLIENT_ID: "daypass",
  DAYPASS_OIDC_CLIENT_SECRET_NAME: "daypass/test/sign-in",
  DAYPASS_ADMINISTRATOR_GROUPS: "administrators",
  DAYPASS_ORIGIN_SECRET_SHA256: "0".repeat(64),
  DAYPASS_NETWORKS: JSON.stringify([
    {
      name: "main",
      stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:grant",
      inspectionStateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:inspection",
      reconciliationStateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:reconciliation",
      brokerFunction: "broker",
      runnerFunction: "runner",
    },
  ]),
};
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
function start(change: Record<string, string> = {}) {
  for (const [name, value] of Object.entries({ ...complete, ...change })) vi.stubEnv(name, value);
  return apiParts(() => log);
}

test("a deployed API without CloudFront's secret does not start: nobody comes past the front door by mistake", () => {
  expect(start().originSecretDigests).toEqual(["0".repeat(64)]);
  expect(() => start({ DAYPASS_ORIGIN_SECRET_SHA256: "" })).toThrow(EnvironmentError);
  expect(() => start({ DAYPASS_ORIGIN_SECRET_SHA256: "secret in clear" })).toThrow(/must be SHA-256 in hex/);
});

test("on one machine there is no CloudFront", () => {
  const change = { DAYPASS_ORIGIN: "http://127.0.0.1:4400", DAYPASS_ORIGIN_SECRET_SHA256: "" };
  expect(start(change).originSecretDigests).toEqual([]);
});
