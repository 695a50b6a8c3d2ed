import postgres from "postgres";

import { migrate } from "./migrate.ts";

/** The database that every test file's own one is cloned from. */
export const TEMPLATE = "moltbot_template";

/** Makes the template on a server, fully migrated; answers the server's URL. Nothing stays connected to it: a template with guests cannot be cloned. */
export async function prepareTemplate(url: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`create database ${sql(TEMPLATE)}`.catch((error: { code?: string }) => {
    if (error.code !== "42P04") throw error;
  });
  await sql.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.href);
  return url;
}
