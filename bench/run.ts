import { readdirSync } from "node:fs";
import { join } from "node:path";

/** `bun run bench [NAME…]`: runs the named benchmarks of this folder, or all of them, one after the other, each in a process of its own. */
const all = readdirSync(import.meta.dir)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.replace(/\.ts$/, ""))
  .toSorted();
const names = process.argv.length > 2 ? process.argv.slice(2) : all;
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}. There are: ${all.join(", ")}\n`);
  process.exit(1);
}
for (const name of names) {
  process.stdout.write(`\n== ${name}\n`);
  const child = Bun.spawnSync([process.execPath, join(import.meta.dir, `${name}.ts`)], { stdio: ["ignore", "inherit", "inherit"] });
  if (child.exitCode !== 0) process.exit(1);
}
