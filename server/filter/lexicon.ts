import { finalForm, maskOf } from "./concepts.ts";
import { normalise } from "./normalise.ts";

/** Words of one language: comma-separated entries for each concept. An entry that ends in `*` stands for every word that begins so. */
export type Lexicon = { language: string; verbLast?: boolean; words: Record<string, string> };

/** Nodes that a tree may have: their numbers fit 16 bits, which keeps the tree near the processor. */
const MOST_NODES = 65_535;

/** Symbols with a place in a node's row: a to z, 0 to 9, space, full stop, apostrophe and slash. */
const ROW = 40;
const SPACE = 36;

/** A tree of all entries. `rows` leads from node and symbol to the next node (0: none), `others` does for symbols without a place. */
export type Tree = {
  rows: Uint16Array;
  others: Map<number, number>;
  wholeLo: Int32Array;
  wholeHi: Int32Array;
  startLo: Int32Array;
  startHi: Int32Array;
};

/** The place of a unit in a row; 255: none. Hyphens, underscores and line ends count as spaces. */
export const PLACE = new Uint8Array(128).fill(255);
for (let index = 0; index < 26; index++) PLACE[0x61 + index] = PLACE[0x41 + index] = index;
for (let index = 0; index < 10; index++) PLACE[0x30 + index] = 26 + index;
for (const char of " -_\n\t") PLACE[char.charCodeAt(0)] = SPACE;
PLACE[0x2e] = 37;
PLACE[0x27] = 38;
PLACE[0x2f] = 39;

/** Grows a tree of the words of all lexicons. */
export function treeOf(lexicons: readonly Lexicon[]): Tree {
  const nodes = newNodes();
  for (const { verbLast, words } of lexicons) {
    for (const [concept, list] of Object.entries(words)) {
      const { lo, hi } = maskOf(verbLast ? finalForm(concept) : concept);
      for (const entry of list.split(",")) {
        const plain = normalise(entry.trim()).text.toLowerCase();
        addEntry(nodes, plain, lo, hi);
      }
    }
  }
  return {
    rows: nodes.rows.slice(0, nodes.count * ROW),
    others: nodes.others,
    wholeLo: nodes.wholeLo.slice(0, nodes.count),
    wholeHi: nodes.wholeHi.slice(0, nodes.count),
    startLo: nodes.startLo.slice(0, nodes.count),
    startHi: nodes.startHi.slice(0, nodes.count),
  };
}

/** The node after `node` for a unit; 0 where no entry goes on so. */
export function step(tree: Tree, node: number, unit: number): number {
  if (unit >= 128) return tree.others.get(node * 0x10000 + unit) ?? 0;
  const place = PLACE[unit] as number;
  return place === 255 ? 0 : (tree.rows[node * ROW + place] as number);
}

type Nodes = Tree & { count: number };

function newNodes(): Nodes {
  const size = MOST_NODES;
  return {
    rows: new Uint16Array(size * ROW),
    others: new Map(),
    wholeLo: new Int32Array(size),
    wholeHi: new Int32Array(size),
    startLo: new Int32Array(size),
    startHi: new Int32Array(size),
    count: 1,
  };
}

function addEntry(nodes: Nodes, entry: string, lo: number, hi: number): void {
  const isStart = entry.endsWith("*");
  const text = isStart ? entry.slice(0, -1) : entry;
  let node = 0;
  for (let index = 0; index < text.length; index++) node = grown(nodes, node, text.charCodeAt(index));
  if (node === 0) throw new Error("A lexicon has an empty entry.");
  const [los, his] = isStart ? [nodes.startLo, nodes.startHi] : [nodes.wholeLo, nodes.wholeHi];
  los[node] = (los[node] as number) | lo;
  his[node] = (his[node] as number) | hi;
}

function grown(nodes: Nodes, node: number, unit: number): number {
  const next = step(nodes, node, unit);
  if (next !== 0) return next;
  const place = unit < 128 ? (PLACE[unit] as number) : 255;
  if (unit < 128 && place === 255) throw new Error(`A lexicon has a sign that no word has: ${String.fromCharCode(unit)}`);
  const added = nodes.count++;
  if (added >= MOST_NODES) throw new Error("The lexicon has outgrown its tree.");
  if (place === 255) nodes.others.set(node * 0x10000 + unit, added);
  else nodes.rows[node * ROW + place] = added;
  return added;
}
