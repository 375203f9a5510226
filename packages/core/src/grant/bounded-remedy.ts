/**
 * Statements for people to run, in a bounded number of characters. None is ever cut: what is left of a statement could
 * be another one, or open quotes that swallow the next. In the place of what does not fit stands a comment.
 */
export function boundedRemedy(remedy: readonly string[], limit: { statements: number; characters: number }) {
  const kept: string[] = [];
  let left = limit.characters;
  let leftOut = 0;
  for (const statement of remedy) {
    if (kept.length < limit.statements && statement.length <= left) {
      kept.push(statement);
      left -= statement.length;
    } else {
      leftOut += 1;
    }
  }
  return leftOut === 0
    ? kept
    : [...kept, `-- ${leftOut} more of ${remedy.length} statements were too long to be kept here.`];
}
