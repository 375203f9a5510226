import { describe, expect, it } from "vitest";
import { inputOf, mistakesOf, newDraft } from "./instance-draft.ts";

const good = {
  ...newDraft,
  name: " shop-production ",
  environmentId: "env_1",
  networkId: "net_1",
  secretName: "shop/production/administrator",
};

describe("the bounds of connections", () => {
  it("are whole numbers within what the server takes", () => {
    const withShare = (connectionShare: string) => ({ ...good, bounds: { ...good.bounds, connectionShare } });
    for (const typed of ["1", " 90 ", "50"]) expect(mistakesOf(withShare(typed))).toEqual([]);
    for (const typed of ["", "0", "91", "5.5", "half", "-1"]) {
      expect(mistakesOf(withShare(typed))).toEqual([
        { field: "connectionShare", key: "boundBad", least: 1, most: 90 },
      ]);
    }
  });

  it("are sent as numbers", () => {
    expect(inputOf({ ...good, bounds: { ...good.bounds, connectionsPerAccount: "3" } })).toMatchObject({
      connectionsPerAccount: 3,
      connectionShare: 50,
      accountsPerPerson: 5,
    });
  });
});

describe("mistakesOf", () => {
  it("names every field that a new instance still lacks", () => {
    expect(mistakesOf(newDraft).map(({ field }) => field)).toEqual([
      "name",
      "environmentId",
      "networkId",
      "secretName",
    ]);
  });

  it("takes a secret's name, its ARN, and the names that RDS gives", () => {
    for (const secretName of [
      "shop/admin",
      "rds!cluster-5b1c-AbCdEf",
      "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:rds!cluster-5b1c-AbCdEf",
    ]) {
      expect(mistakesOf({ ...good, secretName })).toEqual([]);
    }
    expect(mistakesOf({ ...good, secretName: "postgres://admin@host" })).toEqual([
      { field: "secretName", key: "secretBad" },
    ]);
  });

  it("takes the endpoint of an RDS server, and no other host", () => {
    const endpoint = "shop.abc123.eu-west-1.rds.amazonaws.com";
    for (const address of ["", endpoint, `${endpoint}:5433`]) {
      expect(mistakesOf({ ...good, address })).toEqual([]);
    }
    for (const address of ["db.example.com", `${endpoint}:x`, `https://${endpoint}`]) {
      expect(mistakesOf({ ...good, address })).toEqual([{ field: "address", key: "addressBad" }]);
    }
  });

  it("refuses a label that is no pair", () => {
    expect(mistakesOf({ ...good, labels: ["team=shop", "personal"] })).toEqual([
      { field: "labels", key: "labelBad", label: "personal" },
    ]);
  });
});

describe("inputOf", () => {
  it("sends host and port apart, and neither where the secret has them", () => {
    const endpoint = "shop.abc123.eu-west-1.rds.amazonaws.com";
    expect(inputOf({ ...good, address: `${endpoint}:5433` })).toMatchObject({ host: endpoint, port: 5433 });
    expect(inputOf({ ...good, address: endpoint })).toMatchObject({ host: endpoint, port: null });
    expect(inputOf(good)).toMatchObject({ host: null, port: null });
    expect(inputOf(good)).not.toHaveProperty("address");
  });

  it("sends labels as a record; a value may hold the sign itself", () => {
    expect(inputOf({ ...good, labels: ["team=shop", "query=a=b"] })).toMatchObject({
      name: "shop-production",
      labels: { team: "shop", query: "a=b" },
    });
  });
});
