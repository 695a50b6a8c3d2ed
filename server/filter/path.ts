/** The JSON path of a member of the object at `path`. */
export function pathTo(path: string, name: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) return `${path}[${JSON.stringify(name.slice(0, 64))}]`;
  return path === "" ? name : `${path}.${name}`;
}
