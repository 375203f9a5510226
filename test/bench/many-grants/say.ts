/** One line of progress with its time of day. */
export function say(text: string): void {
  console.log(`  ${new Date().toISOString().slice(11, 19)} ${text}`);
}
