import { type InfiniteData, queryOptions } from "@tanstack/react-query";
import { pagesQuery } from "../../lib/all-pages.ts";
import {
  api,
  type GrantView,
  type InstanceView,
  type Page,
  type ReconciliationView,
  type UserView,
} from "../../lib/api.ts";
import { polled } from "../../lib/poll.ts";
import { readSubjectGrants, type Subject, type SubjectGrants } from "./subject-grants.ts";

/** A test that runs is looked at every second. */
export const instanceQuery = (id: string) =>
  queryOptions({
    queryKey: ["instances", "one", id],
    queryFn: ({ signal }) => api.readInstance(id, signal),
    ...polled<InstanceView>((instance) => (instance?.inspection.status === "running" ? 1_000 : 15_000)),
  });

export const instancesQuery = {
  ...pagesQuery<InstanceView>(["instances", "pages"], (cursor, signal) =>
    api.listInstances({ limit: 100, ...(cursor ? { cursor } : {}) }, signal),
  ),
  ...polled<InfiniteData<Page<InstanceView>>>((data) =>
    data?.pages.some((page) => page.items.some(({ inspection }) => inspection.status === "running"))
      ? 1_500
      : 10_000,
  ),
};

export const environmentsQuery = queryOptions({
  queryKey: ["environments", "list"],
  queryFn: ({ signal }) => api.listEnvironments(signal),
  ...polled(30_000),
});

export const networksQuery = queryOptions({
  queryKey: ["networks", "list"],
  queryFn: ({ signal }) => api.listNetworks(signal),
  staleTime: 60_000,
});

export const usersQuery = (q: string) => ({
  ...pagesQuery<UserView>(["users", "pages", q], (cursor, signal) =>
    api.listUsers({ limit: 50, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) }, signal),
  ),
  ...polled(30_000),
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens", "list"],
  queryFn: ({ signal }) => api.listTokens(signal),
  ...polled(30_000),
});

/** Everything that is lent out, by its end. */
export const liveGrantsQuery = {
  ...pagesQuery<GrantView>(["grants", "live"], (cursor, signal) =>
    api.listGrants({ view: "active", limit: 100, ...(cursor ? { cursor } : {}) }, signal),
  ),
  ...polled(5_000),
};

/** What the kill switch would end, or has not seen absent yet: then asked for quickly until nothing is left. */
export const subjectGrantsQuery = (subject: Subject, pace: "calm" | "live") =>
  queryOptions({
    queryKey: ["grants", "of", subject.kind, subject.id],
    queryFn: ({ signal }) => readSubjectGrants(subject, signal),
    ...polled<SubjectGrants>((found) =>
      pace === "live" && found && found.held.length + found.leaving.length > 0 ? 1_000 : 10_000,
    ),
  });

/** A comparison that runs is looked at every second. */
export const reconciliationsQuery = {
  ...pagesQuery<ReconciliationView>(["reconciliations", "pages"], (cursor, signal) =>
    api.listReconciliations({ limit: 100, ...(cursor ? { cursor } : {}) }, signal),
  ),
  ...polled<InfiniteData<Page<ReconciliationView>>>((data) =>
    data?.pages.some((page) => page.items.some(({ status }) => status === "running")) ? 1_000 : 15_000,
  ),
};
