import { createFileRoute } from "@tanstack/react-router";
import { DatabasePage } from "../../../features/databases/DatabasePage.tsx";

export const Route = createFileRoute("/_in/databases/$databaseId")({ component: DatabasePage });
