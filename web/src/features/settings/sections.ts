/** The parts of the settings in their order; tokens are everybody's own. */
export const sections = [
  "instances",
  "environments",
  "people",
  "tokens",
  "guarantee",
  "reconciliation",
] as const;
export type SettingsSection = (typeof sections)[number];

export function sectionsFor(seesAll: boolean): readonly SettingsSection[] {
  return seesAll ? sections : ["tokens"];
}
