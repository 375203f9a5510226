export const inbox = {
  title: "Inbox",
  emptyTitle: "Nothing waits for you",
  empty:
    "Requests that you may approve appear here by themselves, and their number stands beside “Inbox” in the navigation.",
  stuckTitle: "Requests that nobody known can approve",
  stuckLine: "{who}: {level} on {database}",
  list: "Requests to decide",
  pick: "Choose a request on the left.",
  keys: "to move, <approve></approve> then ↵ to approve, <reject></reject> to reject",
  back: "All requests",
  lapses: "lapses",
  full: "Whole story",
  decidedBy: "Decided by {name} <moment></moment>: {status}.",
} as const;
