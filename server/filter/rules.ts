import type { Rule } from "./rule.ts";
import { COMMANDS } from "./rules/commands.ts";
import { CREDENTIALS } from "./rules/credentials.ts";
import { HIDDEN } from "./rules/hidden.ts";
import { INSTRUCTIONS } from "./rules/instructions.ts";
import { FAST_MODEL } from "./rules/model.ts";
import { OUTPUT } from "./rules/output.ts";
import { ROLES } from "./rules/roles.ts";
import { SMUGGLING } from "./rules/smuggling.ts";
import { SOCIAL } from "./rules/social.ts";
import { TEMPLATES } from "./rules/templates.ts";

/** Every rule of the filter. */
export const RULES: readonly Rule[] = [
  ...HIDDEN,
  ...CREDENTIALS,
  ...COMMANDS,
  ...INSTRUCTIONS,
  ...ROLES,
  ...SOCIAL,
  ...OUTPUT,
  ...SMUGGLING,
  ...TEMPLATES,
  FAST_MODEL,
];
