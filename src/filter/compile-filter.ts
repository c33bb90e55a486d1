import type { Condition, Filter, FilterWindow } from "./filter.ts";
import { type FilterFacts, inOrder, restrictCondition } from "./restrict-filter.ts";
import { spansHold } from "./spans.ts";

/** Whether one window matches. */
export type WindowTest = (window: FilterWindow) => boolean;

/** Whether `window` matches `filter`. For many windows, {@link compileFilter} once. */
export function filterWindow(filter: Filter, window: FilterWindow): boolean {
  return compileCondition(filter.condition)(window);
}

/**
 * The filter as a function, for windows of which `facts` are known, or its answer if the facts decide it: with the
 * aircraft and flight of a series given, only what differs between its windows is left to ask of each.
 */
export function compileFilter(filter: Filter, facts: FilterFacts = {}): WindowTest | boolean {
  const rest = restrictCondition(filter.condition, facts);
  return typeof rest === "boolean" ? rest : compileCondition(rest);
}

function compileCondition(condition: Condition): WindowTest {
  switch (condition.kind) {
    case "and": {
      const tests = condition.parts.map(compileCondition);
      return (window) => tests.every((test) => test(window));
    }
    case "or": {
      const tests = condition.parts.map(compileCondition);
      return (window) => tests.some((test) => test(window));
    }
    case "not": {
      const test = compileCondition(condition.part);
      return (window) => !test(window);
    }
    case "phase":
      return (window) => condition.codes.has(window.phase);
    case "starts":
      return (window) => spansHold(condition.spans, window.startNs);
    default:
      return compileText(condition);
  }
}

const TEXT_KEYS = { aircraft_id: "aircraftId", flight_id: "flightId", window_id: "windowId" } as const;

function compileText(condition: Extract<Condition, { kind: "one-of" | "ordered" }>): WindowTest {
  const key = TEXT_KEYS[condition.column];
  if (condition.kind === "one-of") return (window) => condition.values.has(window[key]);
  return (window) => inOrder(window[key], condition.order, condition.value);
}
