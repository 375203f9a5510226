import type { Rendered } from "../render/rendered.ts";
import { alarms } from "./alarms.ts";
import { dataPlane } from "./data-plane.ts";
import { durability } from "./durability.ts";
import { edge } from "./edge.ts";
import { functions } from "./functions.ts";
import { idleCost } from "./idle.ts";
import { roles } from "./roles.ts";
import { stages } from "./stages.ts";
import { workflows } from "./workflows.ts";

export const guarantees = [
  ...stages,
  ...roles,
  ...dataPlane,
  ...durability,
  ...workflows,
  ...alarms,
  ...functions,
  ...edge,
  ...idleCost,
];

export function problemsIn(rendered: Rendered): string[] {
  return guarantees.flatMap(({ problems }) => problems(rendered));
}
