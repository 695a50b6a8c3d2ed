import { expect, test } from "bun:test";

import * as fc from "fast-check";

import { momentOf } from "./moment.ts";

const iso = (value: unknown) => momentOf(value)?.toISOString() ?? null;

test("times are read in every shape that a script or a database writes", () => {
  const whole = [
    "2026-02-08T10:00:00Z",
    "2026-02-08T10:00:00",
    "2026-02-08 10:00:00",
    "2026-02-08 10:00:00+00",
    "2026-02-08 12:00:00.000+02",
    "2026-02-08T05:00:00-0500",
    "2026-02-08T10:00:00+00:00",
    "2026-02-08T10:00",
    "2026/02/08 10:00:00 UTC",
    "20260208T100000Z",
    "20260208100000",
    "Sun, 08 Feb 2026 10:00:00 GMT",
    "Sun, 8 Feb 2026 11:00:00 +0100",
    "8 February 2026 10:00",
    "Sun Feb  8 10:00:00 UTC 2026",
    "Sun Feb 8 05:00:00 EST 2026",
    "Sun Feb  8 10:00:00 2026",
    " 2026-02-08T10:00:00Z\n",
    "1770544800",
    "1770544800.0",
    "1770544800000",
    "1770544800000000",
    1_770_544_800,
    1_770_544_800_000,
    1_770_544_800n,
    new Date("2026-02-08T10:00:00Z"),
  ];
  expect(whole.map((value) => [value, iso(value)])).toEqual(whole.map((value) => [value, "2026-02-08T10:00:00.000Z"]));
  expect(iso("2026-02-08T10:00:00.123456789Z")).toBe("2026-02-08T10:00:00.123Z");
  expect(iso("2026-02-08 10:00:00,5")).toBe("2026-02-08T10:00:00.500Z");
  expect(iso("1770544800.25")).toBe("2026-02-08T10:00:00.250Z");
  expect(iso("2026-02-08")).toBe("2026-02-08T00:00:00.000Z");
});

test("what is no time, what is ambiguous, and what cannot have been is none", () => {
  const none = [
    "",
    " ",
    "null",
    "soon",
    "0",
    "-1",
    0,
    -5,
    Number.NaN,
    Infinity,
    null,
    undefined,
    {},
    [],
    true,
    new Date(Number.NaN),
    "infinity",
  ];
  const wrong = ["2026-02-30T10:00:00Z", "2026-13-01", "2026-02-08T24:00:00Z", "2026-02-08T10:61:00Z", "2026-00-08", "2026-02-00"];
  const ambiguous = ["02/03/2026", "2/3/26 10:00", "2026-02-08T10:00:00 IST", "Sun Feb 8 10:00:00 XYZ 2026", "2026-02-08T10:00:00+99:00"];
  const never = ["1999-12-31T23:59:59Z", "9999-01-01", "0001-01-01T00:00:00", new Date(Date.now() + 2 * 86_400_000)];
  for (const value of [...none, ...wrong, ...ambiguous, ...never]) expect([value, momentOf(value)]).toEqual([value, null]);
});

const moment = fc.date({ min: new Date("2000-01-02T00:00:00Z"), max: new Date(), noInvalidDate: true });
const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });

/** A moment in the words of a zone so many minutes east of UTC. */
function inZone(at: Date, minutes: number, separator: string, colon: string): string {
  const there = new Date(at.getTime() + minutes * 60_000).toISOString().replace("T", separator).replace("Z", "");
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) => String(part).padStart(2, "0"));
  return `${there}${minutes < 0 ? "-" : "+"}${hours}${colon}${rest}`;
}

test("a moment that was written in any zone, unit and shape is that moment again", () => {
  fc.assert(
    fc.property(moment, offset, fc.constantFrom("T", " "), fc.constantFrom(":", ""), (at, minutes, separator, colon) => {
      expect(momentOf(inZone(at, minutes, separator, colon))).toEqual(at);
      expect(momentOf(at.toISOString().replace("Z", ""))).toEqual(at);
      expect(momentOf(`${at.toISOString().slice(0, -1)}${String(Math.abs(minutes)).padStart(6, "0")}Z`)).toEqual(at);
      expect(momentOf(at.getTime())).toEqual(at);
      expect(momentOf(String(at.getTime()))).toEqual(at);
      expect(momentOf(at.toUTCString())?.getTime()).toBe(Math.floor(at.getTime() / 1000) * 1000);
    }),
  );
});

test("no text is more than a time or none, however long or odd it is", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789-:T .+ZFeb,/"), maxLength: 40 }), fc.anything());
  fc.assert(
    fc.property(text, (value) => {
      const at = momentOf(value);
      expect(at === null || (at.getTime() >= Date.UTC(2000, 0, 1) && at.getTime() <= Date.now() + 86_400_001)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(momentOf("1".repeat(1_000_000))).toBeNull();
});
