import { allowedGlobal } from "./globals.ts";
import { readBigInteger, readDecimal, readInteger, readRawUnicode, readUtf8 } from "./literals.ts";
import type { PickleMachine } from "./machine.ts";
import { callResult, newObject } from "./reduce.ts";
import { refusal } from "./refusal.ts";
import { describeValue, type PickleValue } from "./values.ts";

/** What one opcode does to the machine. */
export type Opcode = (machine: PickleMachine) => void;

const HIGHEST_PROTOCOL = 5;

/** An opcode that pushes what `read` finds. */
function literal(read: (machine: PickleMachine) => PickleValue): Opcode {
  return (machine) => machine.push(read(machine));
}

/** An opcode that no scaler needs. */
function refused(what: string): Opcode {
  return () => {
    throw refusal(`it has ${what}`);
  };
}

function protocol({ reader }: PickleMachine): void {
  const version = reader.uint8();
  if (version > HIGHEST_PROTOCOL)
    throw refusal(`it is of pickle protocol ${version}; 0 to ${HIGHEST_PROTOCOL} are read`);
}

/** A frame only says how much may be read at once: checked, and not needed. */
function frame({ reader }: PickleMachine): void {
  const length = reader.uint64();
  if (length > reader.remaining) throw refusal(`it is truncated: a frame of ${length} bytes, ${reader.remaining} left`);
}

function globalOfLines({ reader }: PickleMachine): PickleValue {
  const module = reader.line();
  return allowedGlobal(module, reader.line());
}

/** An instance of an old-style class: refused by its name, like any other global. */
function oldInstance(machine: PickleMachine): void {
  throw refusal(`it makes an old-style object of ${describeValue(globalOfLines(machine))}`);
}

function globalOfStack(machine: PickleMachine): PickleValue {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module !== "string" || typeof name !== "string") {
    throw refusal(`it has a global named by ${describeValue(module)} and ${describeValue(name)}`);
  }
  return allowedGlobal(module, name);
}

function tuple(length: number): Opcode {
  return literal((machine) => Array.from({ length }, () => machine.pop()).reverse());
}

function dictOfMark(machine: PickleMachine): void {
  const items = machine.popMark();
  machine.push(new Map());
  machine.setItems(items);
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  machine.setItems([machine.pop(), value]);
}

function reduce(machine: PickleMachine): void {
  const args = machine.pop();
  machine.push(callResult(machine.pop(), args, machine.budget));
}

function newObjectOfStack(machine: PickleMachine): void {
  const args = machine.pop();
  machine.push(newObject(machine.pop(), args));
}

/** All opcodes of protocols 0 to 5 but STOP, by their byte (CPython: Lib/pickletools.py). */
export const OPCODES: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  // structure
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => m.discard()], // POP
  [0x31, (m) => void m.popMark()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  [0x80, protocol], // PROTO
  [0x95, frame], // FRAME
  // memo
  [0x67, (m) => m.recall(readInteger(m.reader.line()))], // GET
  [0x68, (m) => m.recall(m.reader.uint8())], // BINGET
  [0x6a, (m) => m.recall(m.reader.uint32())], // LONG_BINGET
  [0x70, (m) => m.remember(readInteger(m.reader.line()))], // PUT
  [0x71, (m) => m.remember(m.reader.uint8())], // BINPUT
  [0x72, (m) => m.remember(m.reader.uint32())], // LONG_BINPUT
  [0x94, (m) => m.rememberNext()], // MEMOIZE
  // numbers and the three constants
  [0x4e, literal(() => null)], // NONE
  [0x88, literal(() => true)], // NEWTRUE
  [0x89, literal(() => false)], // NEWFALSE
  [0x49, literal((m) => textInteger(m.reader.line()))], // INT
  [0x4a, literal((m) => m.reader.int32())], // BININT
  [0x4b, literal((m) => m.reader.uint8())], // BININT1
  [0x4d, literal((m) => m.reader.uint16())], // BININT2
  [0x4c, literal((m) => readInteger(m.reader.line().replace(/L$/, "")))], // LONG
  [0x8a, literal((m) => readBigInteger(m.reader, m.reader.uint8()))], // LONG1
  [0x8b, literal((m) => readBigInteger(m.reader, m.reader.uint32()))], // LONG4
  [0x46, literal((m) => readDecimal(m.reader.line()))], // FLOAT
  [0x47, literal((m) => m.reader.float64BigEndian())], // BINFLOAT
  // text and bytes
  [0x56, literal((m) => readRawUnicode(m.reader.line()))], // UNICODE
  [0x58, literal((m) => readUtf8(m.reader, m.reader.uint32()))], // BINUNICODE
  [0x8c, literal((m) => readUtf8(m.reader, m.reader.uint8()))], // SHORT_BINUNICODE
  [0x8d, literal((m) => readUtf8(m.reader, m.reader.uint64()))], // BINUNICODE8
  [0x42, literal((m) => m.reader.take(m.reader.uint32()))], // BINBYTES
  [0x43, literal((m) => m.reader.take(m.reader.uint8()))], // SHORT_BINBYTES
  [0x8e, literal((m) => m.reader.take(m.reader.uint64()))], // BINBYTES8
  [0x96, literal((m) => m.reader.take(m.reader.uint64()))], // BYTEARRAY8
  [0x53, refused("Python 2 text (STRING)")],
  [0x54, refused("Python 2 text (BINSTRING)")],
  [0x55, refused("Python 2 text (SHORT_BINSTRING)")],
  // collections
  [0x5d, literal(() => [])], // EMPTY_LIST
  [0x6c, literal((m) => m.popMark())], // LIST
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popMark())], // APPENDS
  [0x29, literal(() => [])], // EMPTY_TUPLE
  [0x74, literal((m) => m.popMark())], // TUPLE
  [0x85, tuple(1)], // TUPLE1
  [0x86, tuple(2)], // TUPLE2
  [0x87, tuple(3)], // TUPLE3
  [0x7d, literal(() => new Map())], // EMPTY_DICT
  [0x64, dictOfMark], // DICT
  [0x73, setItem], // SETITEM
  [0x75, (m) => m.setItems(m.popMark())], // SETITEMS
  [0x8f, refused("a set (EMPTY_SET)")],
  [0x90, refused("a set (ADDITEMS)")],
  [0x91, refused("a frozen set (FROZENSET)")],
  // objects
  [0x63, literal(globalOfLines)], // GLOBAL
  [0x93, literal(globalOfStack)], // STACK_GLOBAL
  [0x69, oldInstance], // INST
  [0x52, reduce], // REDUCE
  [0x81, newObjectOfStack], // NEWOBJ
  [0x62, (m) => m.build()], // BUILD
  [0x6f, refused("an old-style object (OBJ)")],
  [0x92, refused("an object made with keyword arguments (NEWOBJ_EX)")],
  [0x50, refused("a persistent id (PERSID)")],
  [0x51, refused("a persistent id (BINPERSID)")],
  [0x82, refused("an extension code (EXT1)")],
  [0x83, refused("an extension code (EXT2)")],
  [0x84, refused("an extension code (EXT4)")],
  [0x97, refused("an out-of-band buffer (NEXT_BUFFER)")],
  [0x98, refused("an out-of-band buffer (READONLY_BUFFER)")],
]);

/** Protocol 0 writes True and False as the integers 01 and 00. */
function textInteger(text: string): PickleValue {
  if (text === "01") return true;
  if (text === "00") return false;
  return readInteger(text);
}
