export const session = {
  title: "Sign in",
  claim: "Database access for as long as you were approved for, taken back by itself.",
  signIn: "Sign in",
  through: "You continue at your organisation’s identity provider.",
  returning: "After signing in you come back to where you were.",
  failedTitle: "Sign-in did not work",
  failed: {
    suspended: "Your account is suspended. Ask an administrator to reinstate it.",
    expired: "This sign-in took too long or was used already. Start again.",
    groupsUnknown:
      "The identity provider does not say which groups you are in, so Daypass does not know what you may do. Give the request id to your administrator: the audit trail says what is missing.",
    refused: "The identity provider did not let you in.",
    other:
      "The identity provider’s answer could not be accepted. Start again; if it stays, give the request id to your administrator.",
  },
  again: "Sign in again",
} as const;
