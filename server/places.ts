import { AppError } from "./errors.ts";

/**
 * Places for streams that stay open, `most` of them in this process. One caller gets a quarter, so that nobody can keep the others out. `take`
 * answers how to give a place back, which may be done twice; it throws AppError `unavailable` with `refusal` when there is none left.
 */
export function newPlaces(most: number, refusal: string): { take(caller: string): () => void } {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(caller) {
      const own = taken.get(caller) ?? 0;
      if (all >= most || own >= most / 4) throw new AppError("unavailable", refusal);
      all += 1;
      taken.set(caller, own + 1);
      let isFree = false;
      return () => {
        if (isFree) return;
        isFree = true;
        all -= 1;
        const left = (taken.get(caller) ?? 1) - 1;
        if (left > 0) taken.set(caller, left);
        else taken.delete(caller);
      };
    },
  };
}
