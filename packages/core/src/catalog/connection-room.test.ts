import { expect, test } from "vitest";
import { connectionSettingsOf, lendableConnections } from "./connection-room.ts";

test("accounts may use a share of what the server gives to everybody, rounded down", () => {
  expect(lendableConnections({ max: 100, reserved: 3 }, 50)).toBe(48);
  expect(lendableConnections({ max: 151, reserved: 0 }, 50)).toBe(75);
  expect(lendableConnections({ max: 20, reserved: 7 }, 90)).toBe(11);
});

test("a server that keeps everything for its administrators lends nothing", () => {
  expect(lendableConnections({ max: 3, reserved: 5 }, 50)).toBe(0);
});

test("a record without settings has the defaults, and keeps those that it has", () => {
  expect(connectionSettingsOf({})).toEqual({
    connectionsPerAccount: 5,
    connectionShare: 50,
    accountsPerPerson: 5,
  });
  expect(connectionSettingsOf({ connectionsPerAccount: 2 })).toMatchObject({
    connectionsPerAccount: 2,
    connectionShare: 50,
  });
});
