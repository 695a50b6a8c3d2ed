import * as z from "zod";

/**
 * A backup is a zstd stream: a header line; for each table a line that names it and its columns, then its rows in the text format of COPY
 * (Postgres manual, COPY, File Formats) in pieces, each after a line with its length in bytes, and a 0; and at last the seal. Lines are JSON but
 * for the lengths. Without its seal a file is no backup.
 */
export const FORMAT = "moltbot-backup-1";

/** What a backup says of itself first. `accounts` are the files of registered accounts by their names, keys and all. */
export const Header = z.strictObject({
  format: z.literal(FORMAT),
  taken_at: z.string(),
  migrations: z.array(z.string().regex(/^\d+$/)).min(1),
  /** The oldest month that has a partition, as YYYYMM. */
  since: z.string().regex(/^20\d{2}(?:0[1-9]|1[0-2])$/),
  accounts: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,64}\.json$/), z.string()),
});
export type Header = z.infer<typeof Header>;

const Name = z.string().regex(/^\w{1,63}$/);
export const TableHead = z.strictObject({ table: Name, columns: z.array(Name).min(1) });
export type TableHead = z.infer<typeof TableHead>;

/** The audit chain of a moment: how many records, the hash of the last one, and the first record that does not fit. */
export const Chain = z.strictObject({ records: z.number(), head: z.string().nullable(), fault: z.number().nullable() });
export type Chain = z.infer<typeof Chain>;

const Sum = z.strictObject({ rows: z.number(), sha256: z.string() });

/** What a backup ends with: rows and digest of each table's data, the audit chain, and the digest of every byte before this line. */
export const Seal = z.strictObject({ tables: z.record(z.string(), Sum), audit: Chain, sha256: z.string() });
export type Seal = z.infer<typeof Seal>;
