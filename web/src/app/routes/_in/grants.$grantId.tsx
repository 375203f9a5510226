import { createFileRoute } from "@tanstack/react-router";
import { GrantPage } from "../../../features/grant/GrantPage.tsx";

export const Route = createFileRoute("/_in/grants/$grantId")({ component: GrantPage });
