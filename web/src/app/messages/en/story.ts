/** What happened, as a timeline and the audit search tell it: one sentence an operation. */
export const story = {
  system: "Daypass",
  operation: {
    "request.create": "asked for access",
  },
} as const;
