import { Link } from "@tanstack/react-router";
import { useMe } from "../../lib/roles.ts";

/** A policy by name; a link for those who may read it. */
export function PolicyName({ id, name }: { id: string; name: string }) {
  const { seesAll } = useMe();
  if (!seesAll) return <strong>{name}</strong>;
  return (
    <Link to="/policies/$policyId" params={{ policyId: id }}>
      {name}
    </Link>
  );
}
