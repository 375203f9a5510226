export const grant = {
  title: "Grant",
} as const;
