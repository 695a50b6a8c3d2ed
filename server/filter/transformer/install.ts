import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { AppError } from "../../errors.ts";

/** Installs the library that the model runs on into a folder of its own, as its lock file names it, without running any script of it. */
export async function installRuntime(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const file of ["package.json", "bun.lock"]) copyFileSync(join(import.meta.dir, "runtime", file), join(folder, file));
  const argv = [process.execPath, "install", "--frozen-lockfile", "--ignore-scripts", "--no-progress"];
  const child = Bun.spawn(argv, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const [said, code] = await Promise.all([child.stderr.text(), child.exited]);
  if (code !== 0) {
    const why = said.trim().split("\n").at(-1) ?? "";
    throw new AppError(
      "unavailable",
      `The model's library could not be installed (${why.slice(0, 300)}). Check the network and try again.`,
    );
  }
  removeOthers(join(folder, "node_modules", "onnxruntime-node", "bin"));
}

/** The library brings its binaries for every system: those of others are two thirds of it. */
function removeOthers(bin: string): void {
  for (const version of readdirSync(bin)) {
    for (const platform of readdirSync(join(bin, version))) {
      const place = join(bin, version, platform);
      if (platform !== process.platform) rmSync(place, { recursive: true });
      else for (const arch of readdirSync(place)) if (arch !== process.arch) rmSync(join(place, arch), { recursive: true });
    }
  }
}
