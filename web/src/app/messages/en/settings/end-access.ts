export const endAccess = {
  ask: "End all access…",
  title: {
    person: "End all access of {name} now?",
    instance: "End all access on {name} now?",
  },
  counting: "Counting what would end…",
  unknown: "What is lent out could not be counted. The switch ends whatever there is.",
  nothing: "Nothing is lent out right now. What is approved in this very moment ends too.",
  atLeast: "at least ",
  others: "{count, plural, one {# other} other {# others}}",
  held: {
    person: "{atLeast}{count, plural, one {# access ends} other {# accesses end}}: {names}.",
    instance: "{atLeast}{count, plural, one {# access ends} other {# accesses end}}, of {names}.",
  },
  consequence: {
    person:
      "Their accounts are locked at once, open sessions are cut and unfinished transactions are rolled back. They stay signed in and may ask again; to keep them out, suspend them.",
    instance:
      "The accounts are locked at once, open sessions are cut and unfinished transactions are rolled back. Requests that wait stay, and policies that approve at once still give; to keep everybody out, write a policy that denies. The application’s own users are not touched.",
  },
  reason: "Why?",
  reasonHelp: "Everybody concerned reads it in their story, and it is in the audit trail.",
  confirm: "End all access now",
  ended:
    "{count, plural, =0 {Nothing was running.} one {# access was ended.} other {# accesses were ended.}}",
  goesOn:
    "{count, plural, one {# more has yet to end} other {# more have yet to end}}; that goes on by itself, also when you leave this page.",
  left: "{revoked, plural, =0 {} other {# revoked, }}{count} still being taken back.",
  allRevoked:
    "{count, plural, =0 {Nothing is left.} one {It is revoked: its account was seen absent.} other {All are revoked: each account was seen absent.}}",
} as const;
