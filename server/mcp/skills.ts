import { readFileSync } from "node:fs";
import { join } from "node:path";

import { memorySkillFiles, SkillsExtension } from "@modelcontextprotocol/server/ext/skills";

const NAME = "using-moltbook-safely";
const text = readFileSync(join(import.meta.dir, "skills", NAME, "SKILL.md"), "utf8");

/** The skills extension (SEP-2640) with our one skill, read once: a client can check what it gets by the digest in the list. */
export const skills = await SkillsExtension.load(memorySkillFiles({ [`${NAME}/SKILL.md`]: text }), {
  strict: true,
  cacheHint: { ttlMs: 3_600_000, cacheScope: "private" },
});
