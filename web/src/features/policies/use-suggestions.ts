import { useQuery } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import { peopleQuery } from "../../lib/people.ts";

/** What the fields of a policy offer: all of it may also be written by hand, as a policy may come before the thing. */
export function useSuggestions() {
  const people = useQuery(peopleQuery);
  const environments = useQuery({
    queryKey: ["environments", "list"],
    queryFn: ({ signal }) => api.listEnvironments(signal),
    staleTime: 60_000,
  });
  const instances = useQuery({
    queryKey: ["instances", "names"],
    queryFn: ({ signal }) => api.listInstances({ limit: 100 }, signal),
    staleTime: 60_000,
  });
  const labels = (instances.data?.items ?? []).flatMap((instance) =>
    Object.entries(instance.labels).map(([name, value]) => `${name}=${value}`),
  );
  return {
    people: (people.data ?? []).map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` })),
    groups: distinct((people.data ?? []).flatMap((person) => person.groups)),
    environments: (environments.data?.items ?? []).map(({ name }) => name),
    instances: distinct((instances.data?.items ?? []).map(({ name }) => name)),
    labels: distinct(labels),
  };
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].toSorted((one, other) => one.localeCompare(other));
}
