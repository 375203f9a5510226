export const databases = {
  title: "Databases",
} as const;
