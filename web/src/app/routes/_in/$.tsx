import { createFileRoute } from "@tanstack/react-router";
import { MissingPage } from "../../shell/MissingPage.tsx";

/** Every address that no other file names: the frame stays, the page says so. */
export const Route = createFileRoute("/_in/$")({ component: MissingPage });
