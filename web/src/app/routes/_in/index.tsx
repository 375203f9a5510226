import { createFileRoute } from "@tanstack/react-router";
import { MyAccessPage } from "../../../features/grant/MyAccessPage.tsx";

export const Route = createFileRoute("/_in/")({ component: MyAccessPage });
