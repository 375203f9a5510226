import type { ComponentProps, ReactNode } from "react";
import { MoreRows } from "./MoreRows.tsx";
import { ProblemNotice } from "./ProblemNotice.tsx";

type Props<T> = {
  query: ComponentProps<typeof MoreRows>["query"] & {
    data: T[] | undefined;
    isError: boolean;
    refetch: () => unknown;
  };
  skeleton: ReactNode;
  children: (items: T[]) => ReactNode;
};

/** A list read page by page: its skeleton, its problem or its rows, and the way to the rows after them. */
export function ListView<T>({ query, skeleton, children }: Props<T>) {
  if (query.data === undefined) {
    if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
    return <>{skeleton}</>;
  }
  return (
    <>
      {children(query.data)}
      <MoreRows query={query} />
    </>
  );
}
