import { Link } from "@tanstack/react-router";

/** An identifier, as a link to the page of what it names where it has one. */
export function IdLink({ id }: { id: string }) {
  const text = <code>{id}</code>;
  switch (id.slice(0, 4)) {
    case "req_":
      return (
        <Link to="/requests/$requestId" params={{ requestId: id }}>
          {text}
        </Link>
      );
    case "grt_":
      return (
        <Link to="/grants/$grantId" params={{ grantId: id }}>
          {text}
        </Link>
      );
    case "dbs_":
      return (
        <Link to="/databases/$databaseId" params={{ databaseId: id }}>
          {text}
        </Link>
      );
    case "pol_":
      return (
        <Link to="/policies/$policyId" params={{ policyId: id }}>
          {text}
        </Link>
      );
    case "ins_":
      return (
        <Link to="/settings/$section" params={{ section: "instances" }} search={{ instance: id }}>
          {text}
        </Link>
      );
    default:
      return text;
  }
}
