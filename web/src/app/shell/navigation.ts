import {
  type Icon,
  IconBook2,
  IconDatabase,
  IconInbox,
  IconKey,
  IconPlus,
  IconSettings,
  IconShieldCheck,
} from "@tabler/icons-react";
import type { MeView } from "../../lib/api.ts";

type Entry = {
  key: "myAccess" | "request" | "inbox" | "databases" | "audit" | "policies" | "settings";
  to: "/" | "/request" | "/inbox" | "/databases" | "/audit" | "/policies" | "/settings";
  icon: Icon;
  /** In the bottom bar of a phone; the others are in the menu there. */
  phone: boolean;
  roles?: MeView["roles"];
};

const entries: readonly Entry[] = [
  { key: "myAccess", to: "/", icon: IconKey, phone: true },
  { key: "request", to: "/request", icon: IconPlus, phone: true },
  { key: "inbox", to: "/inbox", icon: IconInbox, phone: true },
  { key: "databases", to: "/databases", icon: IconDatabase, phone: true },
  { key: "audit", to: "/audit", icon: IconBook2, phone: false, roles: ["administrator", "auditor"] },
  { key: "policies", to: "/policies", icon: IconShieldCheck, phone: false },
  { key: "settings", to: "/settings", icon: IconSettings, phone: false },
];

/** The pages that this person may use, in order. */
export function navigationFor(me: MeView): readonly Entry[] {
  return entries.filter(
    (entry) => entry.roles === undefined || entry.roles.some((role) => me.roles.includes(role)),
  );
}
