/** The panels of a grant that can be open; the open one is in the address. */
export const grantPanels = ["connect", "extend", "end"] as const;
export type GrantPanel = (typeof grantPanels)[number];
