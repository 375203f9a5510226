import type { EventView } from "@daypass/core/audit/event.view.ts";
import type {
  DatabaseDetailView,
  DatabaseRef,
  DatabaseView,
  EnvironmentView,
  InstanceView,
  Level,
  NetworkView,
  Scope,
} from "@daypass/core/catalog/catalog.view.ts";
import type { AccessTestView } from "@daypass/core/credential/access-test.view.ts";
import type { CredentialView } from "@daypass/core/credential/credential.view.ts";
import type { EndedView } from "@daypass/core/grant/access-end.view.ts";
import type { GrantView, SweeperView } from "@daypass/core/grant/grant.view.ts";
import type { MeView, NewTokenView, TokenView, UserRef, UserView } from "@daypass/core/identity/user.view.ts";
import type { TokenScope } from "@daypass/core/kernel/permission.ts";
import type { PolicyDocumentInput } from "@daypass/core/policy/policy.ts";
import type { ExplanationView, MatrixView, PolicyView } from "@daypass/core/policy/policy.view.ts";
import type { ReconciliationView } from "@daypass/core/reconciliation/reconciliation.view.ts";
import type {
  PreviewView,
  RequestDetailView,
  RequestStatus,
  RequestView,
} from "@daypass/core/request/request.view.ts";
import { change, get, type Query } from "./http.ts";

export type Page<T> = { items: T[]; nextCursor: string | null };
export type Ask = {
  databaseId: string;
  level: Level;
  scope?: Scope;
  durationMinutes: number;
  breakGlass?: boolean;
};
export type Review =
  | { decision: "approve"; comment?: string; durationMinutes?: number }
  | { decision: "reject" | "comment"; comment: string };
/** Without `userId` about oneself; another person only for administrators and auditors. */
export type PolicyQuestion = {
  userId?: string;
  databaseId: string;
  level: Level;
  durationMinutes: number;
  kind: "request" | "break-glass";
};
export type AuditFilter = {
  actor?: string;
  operation?: string;
  database?: string;
  subject?: string;
  outcome?: string;
  from?: string;
  to?: string;
  q?: string;
};
export type AuditPage = { items: EventView[]; nextCursor: string | null; searchedBackTo: string | null };
export type InstanceInput = {
  name: string;
  engine: InstanceView["engine"];
  environmentId: string;
  networkId: string;
  secretName: string;
  host?: string | null;
  port?: number | null;
  databasePatterns?: string[];
  labels?: Record<string, string>;
  tls?: InstanceView["tls"];
  connectionsPerAccount: number;
  connectionShare: number;
  accountsPerPerson: number;
};

/** Every call that the page makes, with the shapes of the server's views. Throws `Problem`. */
export const api = {
  me: (signal?: AbortSignal) => get<MeView>("/api/me", {}, signal),
  signOut: () => change<{ endSessionUrl: string | null }>("POST", "/api/sign-out", {}),

  listDatabases: (query: { q?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
    get<Page<DatabaseView>>("/api/databases", query, signal),
  readDatabase: (id: string, signal?: AbortSignal) =>
    get<DatabaseDetailView>(`/api/databases/${encodeURIComponent(id)}`, {}, signal),

  createRequest: (ask: Ask & { reason: string }, idempotencyKey: string) =>
    change<RequestView>("POST", "/api/requests", ask, { "Idempotency-Key": idempotencyKey }),
  previewRequest: (ask: Ask) => change<PreviewView>("POST", "/api/requests/preview", ask),
  listRequests: (
    query: { view: "mine" | "to-review" | "all"; status?: RequestStatus; cursor?: string; limit?: number },
    signal?: AbortSignal,
  ) => get<Page<RequestView>>("/api/requests", query, signal),
  readRequest: (id: string, signal?: AbortSignal) =>
    get<RequestDetailView>(`/api/requests/${encodeURIComponent(id)}`, {}, signal),
  reviewRequest: (id: string, review: Review) =>
    change<RequestView>("POST", `/api/requests/${encodeURIComponent(id)}/reviews`, review),
  cancelRequest: (id: string) =>
    change<RequestView>("POST", `/api/requests/${encodeURIComponent(id)}/cancel`, {}),

  listGrants: (
    query: { view: "mine" | "active" | "overdue" | "all"; cursor?: string; limit?: number },
    signal?: AbortSignal,
  ) => get<Page<GrantView>>("/api/grants", query, signal),
  readGrant: (id: string, signal?: AbortSignal) =>
    get<GrantView>(`/api/grants/${encodeURIComponent(id)}`, {}, signal),
  showCredential: (id: string) =>
    change<CredentialView>("POST", `/api/grants/${encodeURIComponent(id)}/credential`, {}),
  testAccess: (id: string) =>
    change<AccessTestView>("POST", `/api/grants/${encodeURIComponent(id)}/test`, {}),
  extendGrant: (id: string, extension: { durationMinutes: number; reason: string }) =>
    change<RequestView>("POST", `/api/grants/${encodeURIComponent(id)}/extensions`, extension),
  endGrant: (id: string, reason?: string) =>
    change<GrantView>("POST", `/api/grants/${encodeURIComponent(id)}/end`, reason ? { reason } : {}),
  readSweeper: (signal?: AbortSignal) => get<SweeperView>("/api/sweeper", {}, signal),
  retryGrant: (id: string) => change<GrantView>("POST", `/api/grants/${encodeURIComponent(id)}/retry`, {}),

  writeOffGrant: (id: string, version: number, reason: string) =>
    change<GrantView>("POST", `/api/grants/${encodeURIComponent(id)}/write-off`, { version, reason }),

  searchAudit: (filter: AuditFilter & { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    get<AuditPage>("/api/audit", filter, signal),

  listEnvironments: (signal?: AbortSignal) =>
    get<{ items: EnvironmentView[] }>("/api/environments", {}, signal),
  createEnvironment: (input: { name: string; rank: number; protected: boolean }) =>
    change<EnvironmentView>("POST", "/api/environments", input),
  changeEnvironment: (
    id: string,
    input: { name: string; rank: number; protected: boolean; version: number },
  ) => change<EnvironmentView>("PUT", `/api/environments/${encodeURIComponent(id)}`, input),
  deleteEnvironment: (id: string, version: number) =>
    change<unknown>("DELETE", `/api/environments/${encodeURIComponent(id)}?version=${version}`),
  listNetworks: (signal?: AbortSignal) => get<{ items: NetworkView[] }>("/api/networks", {}, signal),

  listInstances: (query: { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    get<Page<InstanceView>>("/api/instances", query, signal),
  readInstance: (id: string, signal?: AbortSignal) =>
    get<InstanceView>(`/api/instances/${encodeURIComponent(id)}`, {}, signal),
  createInstance: (input: InstanceInput) => change<InstanceView>("POST", "/api/instances", input),
  changeInstance: (id: string, input: InstanceInput & { version: number }) =>
    change<InstanceView>("PUT", `/api/instances/${encodeURIComponent(id)}`, input),
  deleteInstance: (id: string, version: number) =>
    change<unknown>("DELETE", `/api/instances/${encodeURIComponent(id)}?version=${version}`),
  inspectInstance: (id: string) =>
    change<InstanceView>("POST", `/api/instances/${encodeURIComponent(id)}/inspections`, {}),

  endInstanceAccess: (id: string, reason: string) =>
    change<EndedView>("POST", `/api/instances/${encodeURIComponent(id)}/end-access`, { reason }),
  reconcileInstance: (id: string, mode: "dry-run" | "repair") =>
    change<ReconciliationView>("POST", `/api/instances/${encodeURIComponent(id)}/reconcile`, { mode }),
  listReconciliations: (query: { cursor?: string; limit?: number }, signal?: AbortSignal) =>
    get<Page<ReconciliationView>>("/api/reconciliations", query, signal),

  listPolicies: (signal?: AbortSignal) => get<{ items: PolicyView[] }>("/api/policies", {}, signal),
  createPolicy: (policy: PolicyDocumentInput) => change<PolicyView>("POST", "/api/policies", policy),
  changePolicy: (id: string, version: number, policy: PolicyDocumentInput) =>
    change<PolicyView>("PUT", `/api/policies/${encodeURIComponent(id)}`, { version, policy }),
  deletePolicy: (id: string, version: number) =>
    change<unknown>("DELETE", `/api/policies/${encodeURIComponent(id)}?version=${version}`),
  explainPolicy: (question: PolicyQuestion) =>
    change<ExplanationView>("POST", "/api/policies/explain", question),
  readMatrix: (signal?: AbortSignal) => get<MatrixView>("/api/policies/matrix", {}, signal),

  listUsers: (query: { q?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
    get<Page<UserView>>("/api/users", query, signal),
  suspendUser: (id: string, reason: string) =>
    change<UserView>("POST", `/api/users/${encodeURIComponent(id)}/suspend`, { reason }),
  reinstateUser: (id: string) =>
    change<UserView>("POST", `/api/users/${encodeURIComponent(id)}/reinstate`, {}),

  endUserAccess: (id: string, reason: string) =>
    change<EndedView>("POST", `/api/users/${encodeURIComponent(id)}/end-access`, { reason }),

  listTokens: (signal?: AbortSignal) => get<{ items: TokenView[] }>("/api/tokens", {}, signal),
  createToken: (input: { name: string; scopes: TokenScope[]; expiresInDays: number }) =>
    change<NewTokenView>("POST", "/api/tokens", input),
  deleteToken: (id: string) => change<unknown>("DELETE", `/api/tokens/${encodeURIComponent(id)}`),
};

export type {
  CredentialView,
  DatabaseDetailView,
  DatabaseRef,
  DatabaseView,
  EnvironmentView,
  EventView,
  ExplanationView,
  GrantView,
  InstanceView,
  Level,
  MatrixView,
  MeView,
  NetworkView,
  NewTokenView,
  PolicyView,
  PreviewView,
  Query,
  ReconciliationView,
  RequestDetailView,
  RequestView,
  Scope,
  TokenView,
  UserRef,
  UserView,
};
