/**
 * As much of the ONNX format (onnx.proto of ONNX 1.16, encoded by the rules of protocol buffers) as the tiny models of the tests need: each function
 * answers one encoded message.
 */

type Message = Uint8Array;

const VARINT = 0;
const BYTES = 2;
const FLOAT = 1;
const INT64 = 7;

/** ModelProto, for version 13 of the operators: the last in which reductions take their axes as attributes. */
export function model(graphOf: Message): Message {
  return join(integer(1, 8), bytes(8, integer(2, 13)), bytes(7, graphOf));
}

/** GraphProto. */
export function graph(name: string, nodes: Message[], initializers: Message[], inputs: Message[], outputs: Message[]): Message {
  return join(...all(1, nodes), text(2, name), ...all(5, initializers), ...all(11, inputs), ...all(12, outputs));
}

/** NodeProto. */
export function node(operator: string, inputs: string[], outputs: string[], attributes: Message[] = []): Message {
  return join(...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(4, operator), ...all(5, attributes));
}

/** AttributeProto of an integer or of several. */
export function attribute(name: string, value: number | number[]): Message {
  if (typeof value === "number") return join(text(1, name), integer(3, value), integer(20, 2));
  return join(text(1, name), ...value.map((each) => integer(8, each)), integer(20, 7));
}

/** TensorProto of floats. */
export function tensor(name: string, dimensions: number[], values: Float32Array): Message {
  const raw = new Uint8Array(values.buffer);
  return join(...dimensions.map((each) => integer(1, each)), integer(2, FLOAT), text(8, name), bytes(9, raw));
}

/** TensorProto of a list of integers. */
export function ints(name: string, values: number[]): Message {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return join(integer(1, values.length), integer(2, INT64), text(8, name), bytes(9, raw));
}

/** ValueInfoProto of a tensor: a dimension is a number, or a name where it varies. */
export function valueInfo(name: string, elements: number, dimensions: (string | number)[]): Message {
  const shape = dimensions.map((each) => bytes(1, typeof each === "number" ? integer(1, each) : text(2, each)));
  return join(text(1, name), bytes(2, bytes(1, join(integer(1, elements), bytes(2, join(...shape))))));
}

function all(field: number, messages: Message[]): Message[] {
  return messages.map((each) => bytes(field, each));
}

function text(field: number, value: string): Message {
  return bytes(field, new TextEncoder().encode(value));
}

function bytes(field: number, value: Uint8Array): Message {
  return join(varint((field << 3) | BYTES), varint(value.length), value);
}

function integer(field: number, value: number): Message {
  return join(varint((field << 3) | VARINT), varint(value));
}

/** Of a non-negative integer. */
function varint(value: number): Message {
  const groups: number[] = [];
  for (let left = value; left > 0 || groups.length === 0; left = Math.floor(left / 128)) groups.push(left % 128);
  return Uint8Array.from(groups, (group, index) => (index < groups.length - 1 ? group | 0x80 : group));
}

function join(...messages: Message[]): Message {
  return new Uint8Array(Buffer.concat(messages));
}
