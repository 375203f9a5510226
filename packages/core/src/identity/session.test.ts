import { expect, test } from "vitest";
import { instantOf, plusMinutes, plusMs } from "../kernel/clock.ts";
import { idFrom } from "../kernel/ids.ts";
import { begun, csrfTokenOf, isCsrfToken, isOpen, needsTouch, secondsOf } from "./session.ts";

const now = instantOf(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
const settings = { idleMinutes: 480, absoluteMinutes: 1440 };
const session = begun("hash", idFrom("user", "01JD8Z5K3QW8R4T6Y2X9V7B1CN"), now, settings);

test("a session is open until it was left alone for too long, to the millisecond", () => {
  const limit = plusMinutes(now, 480);
  expect(isOpen(session, {}, plusMs(limit, -1), settings)).toBe(true);
  expect(isOpen(session, {}, limit, settings)).toBe(false);
});

test("a session ends at its end however lately it was used", () => {
  const end = plusMinutes(now, 1440);
  const used = { ...session, touchedAt: plusMs(end, -1) };
  expect(isOpen(used, {}, plusMs(end, -1), settings)).toBe(true);
  expect(isOpen(used, {}, end, settings)).toBe(false);
});

test("sessions that began until all were ended are over, later ones are not", () => {
  expect(isOpen(session, { sessionsEndedAt: now }, now, settings)).toBe(false);
  expect(isOpen(session, { sessionsEndedAt: plusMs(now, -1) }, now, settings)).toBe(true);
});

test("use is noted every five minutes, or five times in a shorter idle limit", () => {
  expect(needsTouch(now, plusMinutes(now, 4.9), settings)).toBe(false);
  expect(needsTouch(now, plusMinutes(now, 5), settings)).toBe(true);
  expect(needsTouch(now, plusMinutes(now, 1), { idleMinutes: 5 })).toBe(true);
  expect(needsTouch(undefined, now, settings)).toBe(true);
});

test("the CSRF token follows from the secret and is compared whole", () => {
  const csrfToken = csrfTokenOf("secret");
  expect(csrfToken).toBe(csrfTokenOf("secret"));
  expect(csrfToken).not.toBe(csrfTokenOf("secret2"));
  const facts = { csrfToken, endsAt: now };
  expect(isCsrfToken(facts, csrfToken)).toBe(true);
  for (const header of [undefined, "", csrfToken.slice(1), `${csrfToken}x`, csrfToken.toLowerCase()]) {
    expect(isCsrfToken(facts, header)).toBe(false);
  }
});

test("garbage collection never comes before the end", () => {
  expect(secondsOf(now) * 1000).toBeGreaterThanOrEqual(Date.parse(now));
});
