/** Every metric of ours, by its unit; the one list for what writes them, for alarms and for the bill. CloudWatch charges
 * for each one in each hour in which it was written, so a zero is not: an alarm takes silence for nothing wrong. How
 * often a function ran, how long and with how many errors is counted by Lambda itself, for nothing. */
export const metricUnits = {
  /** An account could log in. */
  GrantsProvisioned: "Count",
  /** Absence was seen. */
  GrantsRevoked: "Count",
  /** From the end of access to the look that saw no account. */
  RevocationLag: "Seconds",
  /** An account could not be dropped, each time anew. */
  GrantsQuarantined: "Count",
  /** Past their end by more than five minutes and not revoked; each once, when the sweeper sees it first. */
  GrantsOverdue: "Count",
  /** What the sweeper found to do because a timer had not done it. */
  LateTurns: "Count",
  FailedTurns: "Count",
  MailsSent: "Count",
  MailsFailed: "Count",
  /** Somebody changed or removed an event of the audit trail in the table. */
  TrailAltered: "Count",
  /** Answers of the API that told a person nothing but a request's id. */
  RequestFaults: "Count",
} as const;

export type MetricName = keyof typeof metricUnits;
export const metricNamespace = "Daypass";
/** One dimension with few values: the stack. */
export const metricDimension = "stack";
