/** Under which of our agents the old names go. */
export type Names = {
  /** Our name for an old one; the default agent's where there is none. */
  of: (old: string | null) => string;
  /** The id of one of our names. */
  idOf: (name: string) => string;
};

/** An agent's name as names are here: of what is not allowed in one each run of characters becomes `_`. Empty if nothing is left. */
export function nameOf(old: string): string {
  const name = old
    .trim()
    .replaceAll(/[^A-Za-z0-9_-]+/g, "_")
    .slice(0, 64);
  return /[A-Za-z0-9]/.test(name) ? name : "";
}

/** `ids` are the ids of all names that can occur: those of `nameOf` over every old name, and the default one. */
export function namesOf(fallback: string, ids: Map<string, string>): Names {
  return {
    of: (old) => (old === null ? fallback : nameOf(old) || fallback),
    idOf: (name) => {
      const id = ids.get(name);
      if (id === undefined) throw new Error("an agent appeared while its database was read");
      return id;
    },
  };
}
