const presets = [60, 240, 1_440, 10_080];
const shorter = [5, 15, 30];

/** The presets that policy leaves, the policy's own most at the end where it lies between them; shorter ones below an hour. */
export function durationChoices(maxMinutes: number | null): number[] {
  if (maxMinutes === null) return presets;
  const within = presets.filter((minutes) => minutes <= maxMinutes);
  if (within.length === 0) return [...shorter.filter((minutes) => minutes < maxMinutes), maxMinutes];
  return within.includes(maxMinutes) || within.length === presets.length ? within : [...within, maxMinutes];
}
