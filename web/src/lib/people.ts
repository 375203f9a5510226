import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, type UserView } from "./api.ts";

const mostPages = 5;

/** Everybody, up to 500, for choosing from and for naming those whom a policy names by id. */
export const peopleQuery = queryOptions({
  queryKey: ["users", "everybody"],
  queryFn: async ({ signal }) => {
    const people: UserView[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const { items, nextCursor } = await api.listUsers(
        { limit: 100, ...(cursor ? { cursor } : {}) },
        signal,
      );
      people.push(...items);
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    return people;
  },
  staleTime: 60_000,
});

/** A function that names a person by their id. Who may not list people gets `unnamed`; an unknown one keeps the id. */
export function useNameOf(enabled: boolean, unnamed?: string): (userId: string) => string {
  const { data } = useQuery({ ...peopleQuery, enabled });
  return (userId) => data?.find((person) => person.id === userId)?.name ?? unnamed ?? userId;
}
