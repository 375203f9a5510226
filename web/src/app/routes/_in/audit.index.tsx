import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "../../../features/audit/AuditPage.tsx";

export const Route = createFileRoute("/_in/audit/")({ component: AuditPage });
