export interface StepSeats {
  readonly seats: number;
  /** User ids; "anyone": people not known yet may come, so it can always be filled. */
  readonly candidates: readonly string[] | "anyone";
}

/**
 * The first step whose seats cannot all be taken together with those of the steps before it, nobody sitting twice;
 * null when all can. A bipartite matching grown seat by seat: who sits already moves over when that helps.
 */
export function firstUnfillable(steps: readonly StepSeats[]): { stepIndex: number; missing: number } | null {
  const seatOf = new Map<string, Seat>();
  for (const [stepIndex, { seats, candidates }] of steps.entries()) {
    if (candidates === "anyone") continue;
    let missing = 0;
    for (let seat = 0; seat < seats; seat += 1) {
      if (!take({ candidates }, seatOf, new Set())) missing += 1;
    }
    if (missing > 0) return { stepIndex, missing };
  }
  return null;
}

interface Seat {
  readonly candidates: readonly string[];
}

function take(seat: Seat, seatOf: Map<string, Seat>, asked: Set<string>): boolean {
  for (const userId of seat.candidates) {
    if (asked.has(userId)) continue;
    asked.add(userId);
    const taken = seatOf.get(userId);
    if (taken === undefined || take(taken, seatOf, asked)) {
      seatOf.set(userId, seat);
      return true;
    }
  }
  return false;
}
