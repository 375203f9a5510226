/** Prints rows under their headings, the first column to the left, figures to the right. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ");
  console.log(`  ${line(headings)}`);
  console.log(`  ${widths.map((width) => "-".repeat(width)).join("   ")}`);
  for (const row of rows) console.log(`  ${line(row)}`);
  console.log();
}
