import { audit } from "./audit.ts";
import { databases } from "./databases.ts";
import { grant } from "./grant.ts";
import { guarantee } from "./guarantee.ts";
import { inbox } from "./inbox.ts";
import { policies } from "./policies.ts";
import { problems } from "./problems.ts";
import { request } from "./request.ts";
import { session } from "./session.ts";
import { shell } from "./shell.ts";
import { story } from "./story.ts";
import { time } from "./time.ts";
import { ui } from "./ui.ts";
import { words } from "./words.ts";

/** The texts of the page in English, one file a feature, in ICU message syntax. Those of the settings, one file a part, are
 * loaded with the settings: see SettingsTexts.tsx. */
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
  shell,
  story,
  time,
  ui,
  words,
} as const;
