import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isPassing, Problem } from "../lib/problem.ts";
import { NothingHere } from "./NothingHere.tsx";
import { ProblemNotice } from "./ProblemNotice.tsx";

type Props<T> = { query: UseQueryResult<T, Error>; skeleton: ReactNode; children: (data: T) => ReactNode };

/** What a query has: its skeleton, its problem, or its data. Data once shown stays while the server does not answer. */
export function QueryView<T>({ query, skeleton, children }: Props<T>) {
  const { error } = query;
  if (error instanceof Problem && error.status === 404) return <NothingHere message={error.message} />;
  if (error instanceof Problem && isMalformedId(error)) return <NothingHere />;
  if (error !== null && !isPassing(error)) return <ProblemNotice error={error} />;
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void query.refetch()} />;
  return <>{skeleton}</>;
}

/** An address that was cut or mistyped names nothing. */
function isMalformedId({ status, issues }: Problem): boolean {
  return status === 400 && issues.length > 0 && issues.every(({ path }) => path === "id");
}
