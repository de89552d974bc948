import type { Action } from '../ports.ts';
import { checkHealth } from './checkHealth.ts';
import { checkLogs } from './checkLogs.ts';
import { checkResources } from './checkResources.ts';
import { escalateToHuman } from './escalateToHuman.ts';
import { http } from './http.ts';
import { restart } from './restart.ts';
import { start } from './start.ts';
import { wait } from './wait.ts';

/** Every action that a step can use, by the name that configuration knows it by. */
export const ACTIONS: readonly Action[] = [
  checkLogs,
  checkResources,
  checkHealth,
  restart,
  start,
  http,
  wait,
  escalateToHuman,
];
