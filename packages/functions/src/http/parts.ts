import type { InspectionContext } from "@daypass/core/catalog/inspection.port.ts";
import type { AccessTestContext } from "@daypass/core/credential/access-test.port.ts";
import type { CredentialContext } from "@daypass/core/credential/credential.port.ts";
import type { SwitchContext } from "@daypass/core/grant/end-while-asked.ts";
import type { SessionFacts } from "@daypass/core/identity/session.ts";
import type { SignInContext } from "@daypass/core/identity/sign-in.ts";
import type { Instant } from "@daypass/core/kernel/clock.ts";
import type { Log } from "@daypass/core/kernel/context.ts";
import type { ReconciliationContext } from "@daypass/core/reconciliation/reconciliation.port.ts";
import type { PrivilegesContext } from "@daypass/core/request/privileges.port.ts";

/** What the operations behind the API want. */
export type ApiContext = SwitchContext &
  CredentialContext &
  AccessTestContext &
  PrivilegesContext &
  InspectionContext &
  ReconciliationContext &
  SignInContext;

/** One HTTP request, as its surroundings name it; at `endsAt` it is broken off. */
export type Call = { requestId: string; sourceIp?: string | undefined; log: Log; endsAt: Instant };

/** What the app is made of; the control plane provides it, tests stand in for it. */
export type ApiParts = {
  contextFor(call: Call): Omit<ApiContext, "actor">;
  logFor(requestId: string): Log;
  /** Counts an answer that told a person nothing but a request's id. */
  countFault(requestId: string): void;
  /** Address of the page; its scheme decides how cookies are secured. */
  origin: string;
  /** SHA-256 of the secrets of which CloudFront shows one, in hex; none where there is no CloudFront. */
  originSecretDigests: readonly string[];
  /** The app as the streaming twin: `streamedPaths` and nothing else. */
  onlyStreamed?: boolean;
  perMinute: { signIns: number; changes: number; previews: number };
  version: string;
};

/** `requestContext` is that of API Gateway, `lambdaContext` that of the invocation; callers can write neither. */
export type ApiEnv = {
  Bindings: {
    requestContext?: { requestId?: string; http?: { sourceIp?: string } };
    lambdaContext?: { getRemainingTimeInMillis(): number };
  };
  Variables: { call: Call; ctx: ApiContext; session: SessionFacts | null };
};
