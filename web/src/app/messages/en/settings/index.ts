import { test } from "./connection-test.ts";
import { endAccess } from "./end-access.ts";
import { environments } from "./environments.ts";
import { guarantee } from "./guarantee.ts";
import { form } from "./instance-form.ts";
import { instances } from "./instances.ts";
import { people } from "./people.ts";
import { reconciliation } from "./reconciliation.ts";
import { tokens } from "./tokens.ts";

export const settings = {
  title: "Settings",
  sections: {
    label: "Parts of the settings",
    instances: "Instances",
    environments: "Environments",
    people: "People",
    tokens: "Access tokens",
    guarantee: "Guarantee",
    reconciliation: "Reconciliation",
  },
  notAllowed: { who: "administrators and auditors" },
  changed: "Somebody changed it meanwhile. This is the newest version; look at it and save again.",
  instances,
  form,
  test,
  environments,
  people,
  tokens,
  endAccess,
  reconciliation,
  guarantee,
} as const;
