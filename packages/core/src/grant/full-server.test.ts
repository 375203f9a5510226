import { describe, expect, test } from "vitest";
import type { Instant } from "../kernel/clock.ts";
import { fullServer } from "./full-server.ts";

const instance = { name: "shop-production" };
const server = { max: 100, reserved: 3 };
const nextEnd = "2026-06-09T13:30:00.000Z" as Instant;
const lent = (connections: number, accountsOfPerson = 0) => ({ connections, accountsOfPerson });

describe("a server", () => {
  test("has room up to the share that may be lent, and not one account beyond", () => {
    expect(fullServer(instance, server, lent(43))).toBeUndefined();
    expect(fullServer(instance, server, lent(44))).toMatchObject({ kind: "limited", code: "instance.full" });
  });

  test("that is full says how full, who can make room, and when there is some", () => {
    expect(fullServer(instance, server, { ...lent(45), nextEnd })?.message).toBe(
      "All connections of shop-production that may be lent are taken: 45 of 48. Holders can end what they no longer need, and administrators any access there; you can also wait: the next access ends at 2026-06-09 13:30 UTC.",
    );
  });

  test("too small for one account says that waiting does not help", () => {
    expect(fullServer(instance, { max: 12, reserved: 3 }, lent(0))?.message).toBe(
      "shop-production takes 12 connections, of which 4 may be lent: fewer than the 5 of one account. An administrator can change both limits of the instance.",
    );
  });

  test("that nobody has asked yet is not refused here: the broker asks it before it creates an account", () => {
    expect(fullServer(instance, undefined, lent(4_000))).toBeUndefined();
  });

  test("follows its own settings", () => {
    const own = { ...instance, connectionsPerAccount: 2, connectionShare: 10 };
    expect(fullServer(own, server, lent(7))).toBeUndefined();
    expect(fullServer(own, server, lent(8))).toMatchObject({ code: "instance.full" });
  });
});

describe("a person", () => {
  test("may hold so many accounts on one server, even if it has room", () => {
    expect(fullServer(instance, server, lent(20, 4))).toBeUndefined();
    const refused = fullServer(instance, server, { ...lent(25, 5), nextEndOfPerson: nextEnd });
    expect(refused).toMatchObject({ kind: "limited", code: "instance.full-for-person" });
    expect(refused?.message).toBe(
      "You hold 5 accounts on shop-production, and one person may hold 5. End one of them, or wait: the next access ends at 2026-06-09 13:30 UTC.",
    );
  });
});
