export {
  asFault,
  describeFault,
  FAULT_CODES,
  Fault,
  type FaultClass,
  type FaultCode,
  type FaultDetail,
} from "./faults/fault.ts";
