import type { ProcessInfo } from '../monitor/protocol.ts';
import type { Screen } from './look-command.ts';
/** @param before - the frame before, or null: figures are then of the time since the start */
export declare function topLines(info: ProcessInfo, before: ProcessInfo | null, screen: Screen): string[];
