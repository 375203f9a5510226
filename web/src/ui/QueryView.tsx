import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemNotice } from "./ProblemNotice.tsx";

type Props<T> = { query: UseQueryResult<T, Error>; skeleton: ReactNode; children: (data: T) => ReactNode };

/** What a query has: its skeleton, its problem, or its data. Data once shown stays while the server does not answer. */
export function QueryView<T>({ query, skeleton, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <>{skeleton}</>;
}
