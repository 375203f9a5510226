import { createFileRoute } from "@tanstack/react-router";
import { RequestPage } from "../../../features/request/RequestPage.tsx";

export const Route = createFileRoute("/_in/requests/$requestId")({ component: RequestPage });
