export const test = {
  title: "Connection test",
  run: "Test now",
  again: "Test again",
  running: "Connecting, looking at the rights, reading the schemas…",
  since: "for {duration}",
  never: "Not tested yet. The test connects, looks at the rights of Daypass’s user and reads the schemas.",
  finished: "Finished <moment></moment> in {duration}",
  version: "Server",
  failed: "The test could not be done",
  allGood: "Everything is in place.",
  missing:
    "{count, plural, one {# thing is missing} other {# things are missing}}. Run the statements as somebody who may, then test again.",
  status: { ok: "In place", missing: "Missing", warning: "Look at this" },
  inDatabase: "Run in {database}",
  inPlace: "{count, plural, one {# thing is in place} other {# things are in place}}",
  safe: "Nothing was changed on the server: the test only looks.",
} as const;
