import type { Rendered } from "../render/rendered.ts";

/** Something that holds for every stage. What is wrong is told in sentences that name the resource. */
export type Guarantee = { name: string; problems: (rendered: Rendered) => string[] };

/** A problem where the condition does not hold. */
export function unless(condition: boolean, problem: string): string[] {
  return condition ? [] : [problem];
}
