export const problems = {
  title: "That did not work",
  network: "Daypass cannot be reached.",
  networkAdvice:
    "Check your connection. Nothing was changed by this page; running access keeps its end time.",
  unauthenticated: "Your session has ended.",
  forbidden: "You may not do this.",
  notFound: "There is no such page or thing, or you may not see it.",
  limited: "Too many tries in a short time. Wait a moment and try again.",
  fault: "Something went wrong on our side.",
  faultAdvice:
    "Access that is running keeps its end time. Try again; if it stays, give the request id to your administrator.",
  requestId: "Request id",
  stale: "Not up to date. Trying to reach Daypass again…",
  crashed: "This page broke while drawing itself.",
  crashedAdvice: "Nothing was changed. Load it again; if it stays, tell your administrator what you did.",
  reload: "Load again",
  home: "Go to My access",
  missingTitle: "Nothing here",
} as const;
