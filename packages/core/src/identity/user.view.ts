import { z } from "zod";
import { instantSchema } from "../kernel/clock.ts";
import { idSchema } from "../kernel/ids.ts";
import { tokenScopeSchema } from "../kernel/permission.ts";
import { unknownGroupsCauseSchema } from "./membership.ts";

export const userRefView = z
  .strictObject({ id: idSchema("user"), name: z.string(), email: z.string() })
  .meta({ id: "UserRef" });
export type UserRef = z.output<typeof userRefView>;

export const roleView = z.enum(["administrator", "auditor", "member"]);

/** `groupsUnknown` says since when the identity provider does not tell the groups; `groups` are then the last ones known,
 * which give no rights. */
const groupsFields = {
  groups: z.array(z.string()),
  groupsUnknown: z.strictObject({ since: instantSchema, cause: unknownGroupsCauseSchema }).nullable(),
};
export type GroupsView = z.output<z.ZodObject<typeof groupsFields>>;

/** The signed-in person, what the page needs to draw itself, and where the session ends. */
export const meView = z
  .strictObject({
    user: userRefView,
    ...groupsFields,
    roles: z.array(roleView),
    /** To be sent back in the header X-Daypass-Csrf with every change made by cookie; null for tokens. */
    csrfToken: z.string().nullable(),
    sessionEndsAt: instantSchema.nullable(),
    inboxCount: z.number().int(),
    activeGrantCount: z.number().int(),
  })
  .meta({ id: "Me" });
export type MeView = z.output<typeof meView>;

export const userView = z
  .strictObject({
    ...userRefView.shape,
    ...groupsFields,
    roles: z.array(roleView),
    suspendedAt: instantSchema.nullable(),
    lastSeenAt: instantSchema,
    createdAt: instantSchema,
    version: z.number().int(),
  })
  .meta({ id: "User" });
export type UserView = z.output<typeof userView>;

export const tokenView = z
  .strictObject({
    id: idSchema("token"),
    name: z.string(),
    scopes: z.array(tokenScopeSchema),
    createdAt: instantSchema,
    expiresAt: instantSchema,
    lastUsedAt: instantSchema.nullable(),
  })
  .meta({ id: "Token" });
export type TokenView = z.output<typeof tokenView>;

/** `secret` is shown once, here. */
export const newTokenView = z
  .strictObject({ ...tokenView.shape, secret: z.string() })
  .meta({ id: "NewToken" });
export type NewTokenView = z.output<typeof newTokenView>;
