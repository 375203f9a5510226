import type { InstanceInput, InstanceView } from "../../lib/api.ts";

/** The form's texts, as they are typed. */
export type InstanceDraft = Omit<
  InstanceInput,
  "labels" | "databasePatterns" | "tls" | "host" | "port" | BoundField
> & {
  /** "host" or "host:port" of a server whose secret does not say where it is; else empty. */
  address: string;
  labels: string[];
  databasePatterns: string[];
  tls: InstanceView["tls"];
  /** The bounds of connections, as they are typed. */
  bounds: Record<BoundField, string>;
};

/** What bounds the connections of lent accounts, from the least to the most that the server takes. */
export const bounds = {
  connectionsPerAccount: [1, 100],
  connectionShare: [1, 90],
  accountsPerPerson: [1, 50],
} as const;
export type BoundField = keyof typeof bounds;
export const boundFields = Object.keys(bounds) as BoundField[];

export type DraftMistake =
  | { field: "name" | "environmentId" | "networkId" | "secretName"; key: "required" }
  | { field: "name"; key: "nameBad" }
  | { field: "secretName"; key: "secretBad" }
  | { field: "address"; key: "addressBad" }
  | { field: "labels"; key: "labelBad"; label: string }
  | { field: BoundField; key: "boundBad"; least: number; most: number };

export const newDraft: InstanceDraft = {
  name: "",
  engine: "postgres",
  environmentId: "",
  networkId: "",
  secretName: "",
  address: "",
  labels: [],
  databasePatterns: [],
  tls: "verify",
  bounds: { connectionsPerAccount: "5", connectionShare: "50", accountsPerPerson: "5" },
};

export function draftOf(instance: InstanceView): InstanceDraft {
  return {
    name: instance.name,
    engine: instance.engine,
    environmentId: instance.environment.id,
    networkId: instance.network.id,
    secretName: instance.secretName,
    address: [instance.host, instance.port].filter((part) => part !== null).join(":"),
    labels: Object.entries(instance.labels).map(([name, value]) => `${name}=${value}`),
    databasePatterns: instance.databasePatterns,
    tls: instance.tls,
    bounds: {
      connectionsPerAccount: String(instance.connectionsPerAccount),
      connectionShare: String(instance.connectionShare),
      accountsPerPerson: String(instance.accountsPerPerson),
    },
  };
}

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._()/-]{0,59}$/u;
const secretName = /^(?:rds!)?[A-Za-z0-9/_+=.@-]{1,512}$/;
const secretArn = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}$/;
const address = /^([a-z0-9.-]+\.rds\.amazonaws\.com(?:\.cn)?)(?::(\d{1,5}))?$/;
const label = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}=/;

/** What the server would refuse, as far as the page can tell. */
export function mistakesOf(draft: InstanceDraft): DraftMistake[] {
  const secret = draft.secretName.trim();
  const badLabel = draft.labels.find((each) => !label.test(each));
  return [
    ...(["name", "environmentId", "networkId", "secretName"] as const)
      .filter((field) => draft[field].trim() === "")
      .map((field): DraftMistake => ({ field, key: "required" })),
    ...(draft.name.trim() !== "" && !namePattern.test(draft.name.trim())
      ? [{ field: "name", key: "nameBad" } as const]
      : []),
    ...(secret !== "" && !secretName.test(secret) && !secretArn.test(secret)
      ? [{ field: "secretName", key: "secretBad" } as const]
      : []),
    ...(draft.address.trim() !== "" && !address.test(draft.address.trim())
      ? [{ field: "address", key: "addressBad" } as const]
      : []),
    ...boundFields.flatMap((field): DraftMistake[] => {
      const [least, most] = bounds[field];
      const typed = draft.bounds[field].trim();
      const isGood = /^\d{1,3}$/.test(typed) && Number(typed) >= least && Number(typed) <= most;
      return isGood ? [] : [{ field, key: "boundBad", least, most }];
    }),
    ...(badLabel === undefined ? [] : [{ field: "labels", key: "labelBad", label: badLabel } as const]),
  ];
}

export function inputOf({ address: typed, bounds: chosen, ...draft }: InstanceDraft): InstanceInput {
  const [, host = null, port] = address.exec(typed.trim()) ?? [];
  return {
    ...draft,
    connectionsPerAccount: Number(chosen.connectionsPerAccount),
    connectionShare: Number(chosen.connectionShare),
    accountsPerPerson: Number(chosen.accountsPerPerson),
    host,
    port: port === undefined ? null : Number(port),
    name: draft.name.trim(),
    secretName: draft.secretName.trim(),
    labels: Object.fromEntries(
      draft.labels.map((pair) => [
        pair.slice(0, pair.indexOf("=")).trim(),
        pair.slice(pair.indexOf("=") + 1).trim(),
      ]),
    ),
  };
}
