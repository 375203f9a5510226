import { createFileRoute } from "@tanstack/react-router";
import { PoliciesPage } from "../../../features/policies/PoliciesPage.tsx";

export const Route = createFileRoute("/_in/policies/")({ component: PoliciesPage });
