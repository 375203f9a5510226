import { audit } from "./audit.ts";
import { databases } from "./databases.ts";
import { grant } from "./grant.ts";
import { guarantee } from "./guarantee.ts";
import { inbox } from "./inbox.ts";
import { policies } from "./policies.ts";
import { problems } from "./problems.ts";
import { request } from "./request.ts";
import { session } from "./session.ts";
import { settings } from "./settings/index.ts";
import { shell } from "./shell.ts";
import { story } from "./story.ts";
import { time } from "./time.ts";
import { ui } from "./ui.ts";
import { words } from "./words.ts";

/** Every text of the page, in English: one file a feature, and of the settings one a part. ICU message syntax. */
export const en = {
  audit,
  databases,
  grant,
  guarantee,
  inbox,
  policies,
  problems,
  request,
  session,
  settings,
  shell,
  story,
  time,
  ui,
  words,
} as const;
