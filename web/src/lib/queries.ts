import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type GrantView, type RequestDetailView, type RequestView } from "./api.ts";
import { setCsrfToken } from "./http.ts";
import { polled } from "./poll.ts";

const quickMs = 1_500;
const calmMs = 15_000;

/** Queries that more than one feature asks; a feature's own are in its folder. Keys start with the concept. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await api.me(signal);
    setCsrfToken(me.csrfToken);
    return me;
  },
  staleTime: 10_000,
  ...polled(calmMs),
});

export const databasesQuery = (q: string) =>
  queryOptions({
    queryKey: ["databases", "list", q],
    queryFn: ({ signal }) => api.listDatabases({ q, limit: 100 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });

export const databaseQuery = (id: string) =>
  queryOptions({
    queryKey: ["databases", "one", id],
    queryFn: ({ signal }) => api.readDatabase(id, signal),
    staleTime: 15_000,
  });

export const requestsQuery = (view: "mine" | "to-review" | "all", status?: RequestView["status"]) =>
  queryOptions({
    queryKey: ["requests", "list", view, status ?? ""],
    queryFn: ({ signal }) => api.listRequests({ view, ...(status ? { status } : {}), limit: 50 }, signal),
    ...polled(view === "to-review" ? 5_000 : 8_000),
  });

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ["requests", "one", id],
    queryFn: ({ signal }) => api.readRequest(id, signal),
    ...polled<RequestDetailView>((request) =>
      request?.grant && isInMotion(request.grant) ? quickMs : 5_000,
    ),
  });

export const myGrantsQuery = queryOptions({
  queryKey: ["grants", "list", "mine"],
  queryFn: ({ signal }) => api.listGrants({ view: "mine", limit: 30 }, signal),
  ...polled<{ items: GrantView[] }>((page) => (page?.items.some(isInMotion) ? quickMs : 8_000)),
});

/** Everybody's that are past their end and not revoked, or not yet; for administrators and auditors. */
export const overdueGrantsQuery = queryOptions({
  queryKey: ["grants", "list", "overdue"],
  queryFn: ({ signal }) => api.listGrants({ view: "overdue", limit: 50 }, signal),
  ...polled(10_000),
});

export const grantQuery = (id: string) =>
  queryOptions({
    queryKey: ["grants", "one", id],
    queryFn: ({ signal }) => api.readGrant(id, signal),
    ...polled<GrantView>((grant) => (grant && isInMotion(grant) ? quickMs : 8_000)),
  });

/** Whether the third layer of every grant is alive. */
export const sweeperQuery = queryOptions({
  queryKey: ["sweeper"],
  queryFn: ({ signal }) => api.readSweeper(signal),
  ...polled(30_000),
});

/** The machines are at work on it, so the reader waits and looks. A stuck one is not hurried by looking. */
function isInMotion(grant: GrantView): boolean {
  const working = grant.state === "planned" || grant.state === "provisioning" || grant.state === "revoking";
  return working && grant.failure === null;
}
