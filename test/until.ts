/** Waits until `check` answers something truthy, asking every `every` milliseconds; fails loudly after `ms`. */
export async function until<Value>(check: () => Value | Promise<Value>, ms = 15_000, every = 20): Promise<NonNullable<Value>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`it did not happen within ${ms} ms`);
    await Bun.sleep(every);
  }
}
