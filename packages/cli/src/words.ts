/** "1 difference", "3 differences". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const kinds: Readonly<Record<string, string>> = {
  unknown: "unknown to the ledger",
  "not-dropped": "should be gone",
  missing: "missing",
  denied: "may not log in",
  "extra-right": "may do more than was lent",
  "wrong-expiry": "another end",
  renamed: "renamed",
  "marker-mismatch": "name and marker differ",
};

/** What differs, in words; a kind that is newer than this program by its name. */
export function kindText(kind: string): string {
  return kinds[kind] ?? kind;
}

const actions: Readonly<Record<string, string>> = {
  none: "nothing",
  quarantined: "locked",
  dropped: "dropped",
  revoked: "taken back, seen absent",
  "expiry-set": "end set right",
  alarm: "administrators told",
  failed: "tried, failed",
};

export function actionText(action: string, dropAfter: string | null): string {
  const text = actions[action] ?? action;
  return dropAfter === null ? text : `${text}, dropped after ${minuteOf(dropAfter)}`;
}

/** "2026-03-13 05:05 UTC" */
function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace("T", " ")} UTC`;
}
