import type { DatabaseRef, Level, Scope } from "../catalog/catalog.view.ts";
import type { Instant } from "../kernel/clock.ts";
import { shownName, shownObject } from "../kernel/shown-name.ts";
import { oneLine } from "./mail.ts";

/** "shop (shop-production, production)". */
export function databaseText({ name, instance, environment }: DatabaseRef): string {
  return oneLine(`${shownName(name)} (${instance.name}, ${environment.name})`);
}

/** "9 June 2026, 14:05 UTC". Readers of a mail have no zone that we know of. */
export function momentText(instant: Instant): string {
  const [year = "", month = "1", day = "1"] = instant.slice(0, 10).split("-");
  return `${Number(day)} ${months[Number(month) - 1] ?? ""} ${year}, ${instant.slice(11, 16)} UTC`;
}

/** "read on all", "write on public.orders, sales.*"; to be followed by "of" and the database. */
export function rightsText(level: Level, scope: Scope): string {
  if (scope.kind === "database") return `${level} on all`;
  const names = scope.objects.map(shownObject);
  const shown = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return oneLine(`${level} on ${shown.join(", ")}`);
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
