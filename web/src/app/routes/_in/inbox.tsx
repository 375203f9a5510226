import { createFileRoute } from "@tanstack/react-router";
import { InboxPage } from "../../../features/request/InboxPage.tsx";

export const Route = createFileRoute("/_in/inbox")({ component: InboxPage });
