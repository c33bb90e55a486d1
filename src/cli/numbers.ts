import { InvalidArgumentError } from "commander";

/** A flag's value as a whole number. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Not a whole number.");
  return Number(text);
}

/** A flag's value as a number of at least 0. @throws InvalidArgumentError */
export function decimal(text: string): number {
  if (!/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text))
    throw new InvalidArgumentError("Not a number of at least 0.");
  return Number(text);
}
