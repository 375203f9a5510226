import { roles } from "./roles.ts";
import { stages } from "./stages.ts";

export const guarantees = [...stages, ...roles];
