export const time = {
  d: "{count} d",
  h: "{count} h",
  m: "{count} min",
  s: "{count} s",
  left: "{duration} left",
  over: "Time is up",
  justNow: "just now",
  ago: "{duration} ago",
  ahead: "in {duration}",
  until: "until {moment}",
  utc: "{moment} UTC",
} as const;
