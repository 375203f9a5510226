import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { isProblem } from "../../lib/problem.ts";

/** Begins comparisons; one that is under way already is what was wanted. */
export function useReconcile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, mode }: { ids: string[]; mode: "dry-run" | "repair" }) => {
      for (const id of ids) {
        try {
          await api.reconcileInstance(id, mode);
        } catch (error) {
          if (!isProblem(error, "reconciliation.running")) throw error;
        }
      }
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["reconciliations"] }),
  });
}
