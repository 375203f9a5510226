import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, type RequestView, type Review } from "../../lib/api.ts";
import { isProblem, type Problem } from "../../lib/problem.ts";
import { notifyDone } from "../../ui/notify.ts";
import { overtakenBy } from "./overtaken.ts";

type Overtaken = { by: string | null; status: RequestView["status"] };

/** Sends a review, says what it did, and tells apart that somebody else was faster. */
export function useReview(request: RequestView, on: { onDecided: () => void; onCommented: () => void }) {
  const t = useTranslations("request.decide");
  const queryClient = useQueryClient();
  const [overtaken, setOvertaken] = useState<Overtaken | null>(null);
  const review = useMutation<RequestView, Error, Review>({
    mutationFn: (input) => api.reviewRequest(request.id, input),
    onSuccess: (after, input) => {
      if (input.decision === "comment") {
        notifyDone(t("commented"));
        on.onCommented();
        return;
      }
      const values = {
        level: request.level,
        database: request.database.name,
        requester: request.requester.name,
      };
      if (input.decision === "reject") notifyDone(t("rejected", values));
      else notifyDone(after.status === "pending" ? t("counted") : t("approved", values));
      on.onDecided();
    },
    onError: (error) => {
      if (isDecided(error)) setOvertaken(overtakenBy(error.details));
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["requests"] }),
        queryClient.invalidateQueries({ queryKey: ["grants"] }),
        queryClient.invalidateQueries({ queryKey: ["me"] }),
      ]),
  });
  return { review, overtaken };
}

function isDecided(error: Error): error is Problem {
  return isProblem(error, "request.already-decided");
}
