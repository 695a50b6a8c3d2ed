import type { Rule } from "./rule.ts";
import { COMMANDS } from "./rules/commands.ts";
import { CREDENTIALS } from "./rules/credentials.ts";
import { HIDDEN } from "./rules/hidden.ts";
import { INSTRUCTIONS } from "./rules/instructions.ts";
import { SMUGGLING } from "./rules/smuggling.ts";

/** Every rule of the filter. */
export const RULES: readonly Rule[] = [...HIDDEN, ...CREDENTIALS, ...COMMANDS, ...INSTRUCTIONS, ...SMUGGLING];
