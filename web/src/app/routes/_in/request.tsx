import { createFileRoute } from "@tanstack/react-router";
import { RequestFormPage } from "../../../features/request/RequestFormPage.tsx";

export const Route = createFileRoute("/_in/request")({ component: RequestFormPage });
