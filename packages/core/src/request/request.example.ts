import type { Instant } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { AccessRequest } from "./request.ts";

/** For tests: one hour of reading, pending, with one approval of the leads. */
export const aRequest: AccessRequest = {
  id: "req_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"request">,
  story: "01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  kind: "access",
  status: "pending",
  version: 1,
  requester: {
    id: "usr_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"user">,
    name: "Erin Vale",
    email: "erin.vale@example.com",
  },
  requesterGroups: ["engineers"],
  database: {
    id: "dbs_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"database">,
    name: "shop",
    engine: "postgres",
    instance: { id: "ins_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"instance">, name: "shop-production" },
    environment: {
      id: "env_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"environment">,
      name: "production",
      protected: true,
    },
  },
  networkId: "net_01JD8Z5K3QW8R4T6Y2X9V7B1CN" as Id<"network">,
  level: "read",
  scope: { kind: "database" },
  durationMinutes: 60,
  reason: "look into the orders of yesterday",
  createdAt: "2026-06-09T12:00:00.000Z" as Instant,
  lapsesAt: "2026-06-16T12:00:00.000Z" as Instant,
  policyId: "pol_01JD8Z5K3QW8R4T6Y2X9V7B1CN",
  policyName: "Engineers read production",
  maxDurationMinutes: 240,
  maxTotalMinutes: 480,
  hours: null,
  steps: [{ count: 1, users: [], groups: ["leads"] }],
  reviews: [],
  automatic: false,
};
