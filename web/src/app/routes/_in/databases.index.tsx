import { createFileRoute } from "@tanstack/react-router";
import { DatabasesPage } from "../../../features/databases/DatabasesPage.tsx";

export const Route = createFileRoute("/_in/databases/")({ component: DatabasesPage });
