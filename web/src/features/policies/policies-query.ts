import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { polled } from "../../lib/poll.ts";

export const policiesQuery = queryOptions({
  queryKey: ["policies", "list"],
  queryFn: ({ signal }) => api.listPolicies(signal),
  staleTime: 5_000,
  ...polled(20_000),
});
