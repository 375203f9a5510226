import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type PolicyQuestion } from "../../lib/api.ts";

export const explanationQuery = (question: PolicyQuestion) =>
  queryOptions({
    queryKey: ["policies", "explanation", question],
    queryFn: () => api.explainPolicy(question),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
