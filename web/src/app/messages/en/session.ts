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
    refused: "The identity provider did not let you in.",
    other:
      "The identity provider’s answer could not be accepted. Start again; if it stays, give the request id to your administrator.",
  },
  again: "Sign in again",
} as const;
