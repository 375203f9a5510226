import { api } from "./api.ts";
import { isProblem } from "./problem.ts";

/** Tries now what failed. It may have come right by itself a moment before, which is what was wanted. */
export async function retryGrant(id: string): Promise<"trying" | "settled"> {
  try {
    await api.retryGrant(id);
    return "trying";
  } catch (error) {
    if (isProblem(error, "grant.nothing-to-retry") || isProblem(error, "grant.changed")) return "settled";
    throw error;
  }
}
