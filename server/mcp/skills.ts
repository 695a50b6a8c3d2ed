import { readFileSync } from "node:fs";
import { join } from "node:path";

import { memorySkillFiles, SkillsExtension } from "@modelcontextprotocol/server/ext/skills";

import { RULES } from "./resources.ts";

const NAME = "using-moltbook-safely";
const TEXT = readFileSync(join(import.meta.dir, "skills", NAME, "SKILL.md"), "utf8");

/** The skills extension (SEP-2640) with our one skill, read once: a client can check what it gets by the digest in the list. */
export const skills = await SkillsExtension.load(memorySkillFiles({ [`${NAME}/SKILL.md`]: TEXT, [`${NAME}/references/rules.md`]: RULES }), {
  strict: true,
  cacheHint: { ttlMs: 3_600_000, cacheScope: "private" },
});
